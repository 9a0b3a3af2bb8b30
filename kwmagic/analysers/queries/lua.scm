; Lua. The vocabulary is described in tree_sitter.py.

[(comment) (hash_bang_line)] @comment

; Values of the file itself

(chunk (variable_declaration (variable_list name: (identifier) @name)) @definition.variable)
(chunk [
  (assignment_statement (variable_list name: (identifier) @name)) @definition.variable
  (variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @definition.variable)
])
((assignment_statement (variable_list (attribute (identifier) @_const))) @definition.constant
  (#eq? @_const "const"))
((assignment_statement (variable_list name: (identifier) @_name)) @definition.constant
  (#match? @_name "^[A-Z][A-Z0-9_]+$"))
(chunk (assignment_statement
  (variable_list name: (dot_index_expression table: (_) @qualifier field: (_) @name))) @definition.field)

; Functions with a name

(function_declaration name: (identifier) @name) @definition.function
(function_declaration name: (dot_index_expression table: (_) @qualifier field: (_) @name)) @definition.function
(function_declaration name: (method_index_expression table: (_) @qualifier method: (_) @name)) @definition.method
(function_declaration parameters: (_) @signature) @definition
(chunk (function_declaration "local") @definition @flag.private)

; Functions that are values, by what they are bound to

(assignment_statement
  (variable_list . name: (identifier) @name .)
  (expression_list . value: (function_definition parameters: (_) @signature) .)) @definition.function
(assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @qualifier field: (_) @name) .)
  (expression_list . value: (function_definition parameters: (_) @signature) .)) @definition.function
(assignment_statement
  (variable_list . name: (bracket_index_expression table: (_) @qualifier field: (string content: (_) @name)) .)
  (expression_list . value: (function_definition parameters: (_) @signature) .)) @definition.function
(field
  name: [(identifier) @name (string content: (_) @name)]
  value: (function_definition parameters: (_) @signature)) @definition.function
(chunk (variable_declaration (assignment_statement
  (expression_list . value: (function_definition) .)) @definition @flag.private))

(field name: [(identifier) @name (string content: (_) @name)] value: (table_constructor)) @scope
(function_definition body: (_) @local)

; Exports

(chunk (return_statement (expression_list . (identifier) @exported .)))
(chunk (return_statement (expression_list . (table_constructor (field name: (identifier) @export)) .)))

; Imports

(function_call name: (identifier) @_require arguments: (_ . (string content: (_) @module) .)
  (#eq? @_require "require")) @import
(function_call name: (identifier) @_pcall arguments: (_ . (identifier) @_require . (string content: (_) @module) .)
  (#eq? @_pcall "pcall") (#eq? @_require "require")) @import
(variable_declaration (assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list . value: (function_call name: (identifier) @_require) @import .)) (#eq? @_require "require"))
(variable_declaration (assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list . value: (dot_index_expression
    table: (function_call name: (identifier) @_require) @import
    field: (_) @imported) .)) (#eq? @_require "require"))
(variable_declaration (assignment_statement
  (variable_list . name: (identifier) .)
  (expression_list . value: [
    (function_call name: (identifier) @_require)
    (dot_index_expression table: (function_call name: (identifier) @_require))
  ] .)) @ignore (#eq? @_require "require"))
