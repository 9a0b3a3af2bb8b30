; What JavaScript and TypeScript share. The vocabulary is described in tree_sitter.py.

(comment) @comment

; Values of the file itself

[
  (program (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant))
  (program (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable))
  (program (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable))
  (export_statement (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant))
  (export_statement (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable))
  (export_statement (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable))
]
(program [
  (lexical_declaration (variable_declarator name: (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)
  ])) @definition.variable)
  (lexical_declaration (variable_declarator name: (array_pattern (identifier) @name)) @definition.variable)
])
(export_statement (lexical_declaration (variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @name
  (pair_pattern value: (identifier) @name)
])) @definition.variable))

; Functions with a name

(function_declaration name: (_) @name body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name body: (_) @body) @definition.function @flag.generator
[
  (function_declaration "async" @flag)
  (generator_function_declaration "async" @flag)
] @definition

[
  (parenthesized_expression (function_expression name: (_) @name body: (_) @body) @definition.function)
  (arguments (function_expression name: (_) @name body: (_) @body) @definition.function)
  (unary_expression (function_expression name: (_) @name body: (_) @body) @definition.function)
  (return_statement (function_expression name: (_) @name body: (_) @body) @definition.function)
]

; Functions that are values, by what they are bound to

(variable_declarator name: (identifier) @name value: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.function
(pair key: (_) @name value: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.method
(export_statement "default" @name value: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.function
(assignment_expression left: (identifier) @name right: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.function
(assignment_expression
  left: (member_expression object: (this) property: (_) @name)
  right: [
    (_ parameters: (_) @signature)
    (arrow_function parameter: (_) @signature)
  ]) @definition.method
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @qualifier property: (_) @name)
  right: [
    (_ parameters: (_) @signature)
    (arrow_function parameter: (_) @signature)
  ]
  (#not-match? @qualifier "^(module[.])?exports$|[.]prototype$")) @definition.function
(assignment_expression
  left: (member_expression
    object: (member_expression object: (_) @qualifier property: (_) @_prototype)
    property: (_) @name)
  right: [
    (_ parameters: (_) @signature)
    (arrow_function parameter: (_) @signature)
  ]
  (#eq? @_prototype "prototype")) @definition.method
(assignment_expression
  left: (member_expression object: (_) @_exports property: (_) @name)
  right: [
    (_ parameters: (_) @signature)
    (arrow_function parameter: (_) @signature)
  ]
  (#match? @_exports "^(module[.])?exports$")) @definition.function
[
  (variable_declarator value: (_ "async" @flag))
  (pair value: (_ "async" @flag))
  (export_statement value: (_ "async" @flag))
  (assignment_expression right: (_ "async" @flag))
] @definition
[
  (variable_declarator value: (generator_function) @flag.generator)
  (pair value: (generator_function) @flag.generator)
  (export_statement value: (generator_function) @flag.generator)
  (assignment_expression right: (generator_function) @flag.generator)
] @definition

(arrow_function body: (_) @local)
(function_expression body: (_) @local)
(generator_function body: (_) @local)

; Classes and other holders of members

(class_declaration name: (_) @name body: (_) @body) @definition.class
(variable_declarator name: (identifier) @name value: (class)) @definition.class
(export_statement "default" @name value: (class)) @definition.class
(assignment_expression left: (member_expression property: (_) @name) right: (class !name)) @definition.class
(assignment_expression right: (class name: (_) @name body: (_) @body)) @definition.class
[
  (variable_declarator value: (class (class_heritage) @signature))
  (assignment_expression right: (class !name (class_heritage) @signature))
  (export_statement value: (class (class_heritage) @signature))
] @definition

(method_definition name: (_) @name body: (_) @body) @definition.method
(method_definition "*") @definition @flag.generator
(method_definition "async" @flag) @definition
(method_definition "static" @flag) @definition
(method_definition "get") @definition.property @flag.getter
(method_definition "set") @definition.property @flag.setter
(method_definition name: (private_property_identifier)) @definition @flag.private
(class_body (method_definition name: (_) @name (#eq? @name "constructor")) @definition.constructor)

(pair key: (_) @name value: (object)) @scope
(export_statement "default" @name value: (object)) @scope
(assignment_expression left: (member_expression) @name right: (object)
  (#not-match? @name "^(module[.])?exports$")) @scope
(expression_statement (call_expression arguments: (arguments (object) @local)))

; Exports

(program (export_statement declaration: (_ name: (_) @export @exported)) @_statement
  (#not-match? @_statement "^export\\s+default\\b"))
(program (export_statement declaration: (_ (variable_declarator name: [
  (identifier) @export @exported
  (object_pattern (shorthand_property_identifier_pattern) @export @exported)
  (object_pattern (pair_pattern value: (identifier) @export @exported))
]))))
(export_statement "default" @export @exported value: (_))
(export_statement "default" @export declaration: (_ name: (_) @exported))
(export_statement value: (identifier) @exported)
(program (export_statement !source (export_clause (export_specifier name: (_) @export @exported !alias))))
(program (export_statement !source (export_clause (export_specifier name: (_) @exported alias: (_) @export))))
(assignment_expression
  left: (member_expression object: (_) @_exports property: (_) @export @exported)
  (#match? @_exports "^(module[.])?exports$"))
(assignment_expression
  left: (member_expression) @_exports
  right: (object [
    (shorthand_property_identifier) @export @exported
    (pair key: (_) @export @exported)
    (pair value: (identifier) @exported)
    (method_definition name: (_) @export @exported)
  ])
  (#eq? @_exports "module.exports"))
(assignment_expression
  left: (member_expression) @_exports
  right: [
    (identifier) @exported
    (class name: (_) @exported)
    (function_expression name: (_) @exported)
  ]
  (#eq? @_exports "module.exports"))

; Imports

(import_statement "import" . source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (identifier) @import @alias @imported.default)
  source: (string (string_fragment) @module))
(import_statement
  (import_clause (namespace_import "*" @imported (identifier) @alias) @import)
  source: (string (string_fragment) @module))
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @imported) @import))
  source: (string (string_fragment) @module))
(import_specifier alias: (_) @alias) @import
(export_statement
  (export_clause (export_specifier name: (_) @imported @export !alias) @import @flag.re-export)
  source: (string (string_fragment) @module))
(export_statement
  (export_clause (export_specifier name: (_) @imported alias: (_) @alias @export) @import @flag.re-export)
  source: (string (string_fragment) @module))
(export_statement "*" @imported source: (string (string_fragment) @module)) @import @flag.re-export
(export_statement
  (namespace_export "*" @imported (_) @alias @export) @import @flag.re-export
  source: (string (string_fragment) @module))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @module))) @import

(program (_ (variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module) .)) @import)
  (#eq? @_require "require")))
(program (_ (variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @import @imported
    (pair_pattern key: (_) @imported value: (identifier) @alias) @import
  ])
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module) .)))
  (#eq? @_require "require")))
(program (expression_statement
  (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module) .)) @import
  (#eq? @_require "require")))
(program (_ (variable_declarator
  name: [(identifier) (object_pattern)]
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string) .))) @ignore
  (#eq? @_require "require")))
