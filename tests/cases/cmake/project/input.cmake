# Copyright 2024 Somebody. Distributed under the MIT License.

# The build of demo.
cmake_minimum_required(VERSION 3.20)
project(demo VERSION 1.2.3 DESCRIPTION "A demo" LANGUAGES CXX)

include(GNUInstallDirs)
find_package(Threads REQUIRED)

option(DEMO_TESTS "Build the tests" ON)
option(DEMO_DOCS "Build the docs; needs (Sphinx)")
set(DEMO_BACKEND "cpu" CACHE STRING "cpu or cuda")
set(SOURCES
    main.cpp
    $<$<BOOL:${WIN32}>:win.cpp>)  # all of them
set(SOURCES ${SOURCES} more.cpp)

add_library(demo STATIC ${SOURCES})
ADD_LIBRARY(Demo::demo ALIAS demo)
add_executable(demo_app main.cpp)
add_custom_target(docs ALL COMMAND sphinx-build "(a b)")

if(DEMO_TESTS)
  enable_testing()
  add_subdirectory(tests)
  if(MSVC)
    add_test(NAME runs COMMAND demo_app)
  elseif(APPLE)
    add_library(${PROJECT_NAME}_mac OBJECT mac.mm)
  else()
    set(ELSEWHERE 1)
  endif()
endif()
