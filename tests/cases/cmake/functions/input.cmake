#[=======================================================================[.rst:
AddThing
--------

Adds a thing.
#]=======================================================================]

# Add one thing.
# With its sources.
function(add_thing name)
  set(local_value 1)
  add_executable(${name} ${ARGN})
  message("endfunction() macro(not_me)")
endfunction()

MACRO ( Upper_Case
        first    # the first
        "second" )
  include(${first}.cmake OPTIONAL)
ENDMACRO()

#[[ function(in_bracket_comment)
endfunction() ]]
set(TEXT [=[
macro(in_bracket_argument)
]] ]=])

if(NOT COMMAND later)
  function(later)
  endfunction()
endif()
