; Scala 2 and 3. The vocabulary is described in tree_sitter.py.

[(comment) (block_comment)] @comment

(package_clause name: (_) @name @definition.package)

; Types and objects

(class_definition name: (_) @name) @definition.class
(class_definition "case" @flag.case) @definition
(trait_definition name: (_) @name) @definition.trait
(object_definition name: (_) @name) @definition.object
(object_definition "case" @flag.case) @definition
(package_object name: (_) @name) @definition.object @flag.package
(enum_definition name: (_) @name) @definition.enum
(simple_enum_case name: (_) @name) @definition.enumerator
(full_enum_case name: (_) @name) @definition.enumerator
(_ body: [(template_body) (enum_body) (with_template_body)] @body) @definition
(_ extend: (extends_clause [
  (type_identifier) @base
  (stable_type_identifier) @base
  (generic_type type: (_) @base)
])) @definition
(type_definition name: (_) @name) @definition.type_alias
(type_definition (opaque_modifier) @flag.opaque) @definition
(given_definition name: (_) @name) @definition.object @flag.given
(given_definition !name return_type: (_) @name) @definition.object @flag.given
(given_definition ["with" "="] @body) @definition
(extension_definition parameters: (parameters (parameter type: [
  (type_identifier) @name
  (stable_type_identifier) @name
  (generic_type type: (_) @name)
])) @signature) @definition.extension
(extension_definition type_parameters: (_) @generics) @definition

; Functions

(function_definition name: (_) @name) @definition.function
(function_declaration name: (_) @name) @definition.function @flag.abstract
(function_definition body: (_) @body) @definition
(function_definition "=" @body) @definition
[
  (template_body [(function_definition) (function_declaration)] @definition.method)
  (enum_body [(function_definition) (function_declaration)] @definition.method)
  (with_template_body [(function_definition) (function_declaration)] @definition.method)
  (extension_definition [(function_definition) (function_declaration)] @definition.method)
]
(function_definition name: (_) @_this (#eq? @_this "this")) @definition.constructor
(lambda_expression) @local

; Values

[
  (val_definition pattern: (identifier) @name)
  (val_definition pattern: (identifiers (identifier) @name))
  (val_definition pattern: (tuple_pattern (identifier) @name))
  (val_declaration name: (_) @name)
  (var_definition pattern: (identifier) @name)
  (var_definition pattern: (identifiers (identifier) @name))
  (var_declaration name: (_) @name)
] @definition.field
[
  (compilation_unit (val_definition) @definition.constant)
  (object_definition body: (_ (val_definition) @definition.constant))
  (package_object body: (_ (val_definition) @definition.constant))
  (compilation_unit (var_definition) @definition.variable)
  (object_definition body: (_ (var_definition) @definition.variable))
  (package_object body: (_ (var_definition) @definition.variable))
]
[(val_declaration) (var_declaration)] @definition @flag.abstract

(_ (modifiers _ @flag)) @definition
(_ (modifiers (access_modifier ["private" "protected"] @flag))) @definition
(_ (annotation) @decorator) @definition

; Imports

(import_declaration (identifier) @module) @import
(import_declaration (identifier) @imported .) @import
(import_declaration (namespace_wildcard) @imported .) @import
(import_declaration (as_renamed_identifier name: (_) @imported alias: (_) @alias)) @import
(import_declaration (namespace_selectors)) @group
(namespace_selectors [
  (identifier) @imported
  (arrow_renamed_identifier name: (_) @imported alias: (_) @alias)
  (as_renamed_identifier name: (_) @imported alias: (_) @alias)
  (namespace_wildcard) @imported
] @import)
(import_declaration (namespace_wildcard ["_" "*"])) @import @flag.star
(namespace_selectors (namespace_wildcard ["_" "*"]) @import @flag.star)
