function(first a
  # ) a comment with a parenthesis
  b)
endfunction()
endif()
else()
set()
option(
function(never_ended)
  set(x "an \"escaped\" quote)" CACHE INTERNAL "")
add_library(
