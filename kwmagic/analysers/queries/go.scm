; Go. The vocabulary is described in tree_sitter.py.

(comment) @comment

(package_clause (_) @name) @definition.package

; Types

(type_spec name: (_) @name (#not-eq? @name "_")) @definition.typedef
(type_spec type: (struct_type) @body) @definition.struct
(type_spec type: (interface_type) @body) @definition.interface
(type_alias name: (_) @name) @definition.type_alias

(field_declaration name: (_) @name type: (_) @signature (#not-eq? @name "_")) @definition.field
(field_declaration !name type: [
  (type_identifier) @name
  (qualified_type name: (_) @name)
  (generic_type type: (type_identifier) @name)
  (generic_type type: (qualified_type name: (_) @name))
]) @definition.field
(type_spec type: (struct_type (_ (field_declaration !name type: [
  (type_identifier) @base
  (qualified_type) @base
  (generic_type type: (_) @base)
])))) @definition
(method_elem name: (_) @name) @definition.method
(type_spec type: (interface_type (type_elem . [
  (type_identifier) @base
  (qualified_type) @base
  (generic_type type: (_) @base)
] .))) @definition

; Functions

(function_declaration name: (_) @name (#not-eq? @name "_")) @definition.function
(function_declaration body: (_) @body) @definition
(method_declaration receiver: (_ (parameter_declaration type: [
  (type_identifier) @qualifier
  (generic_type type: (_) @qualifier)
  (pointer_type [(type_identifier) @qualifier (generic_type type: (_) @qualifier)])
])) name: (_) @name) @definition.method
(method_declaration body: (_) @body) @definition
(func_literal body: (_) @local)

; Values

(const_spec (identifier) @name (#not-eq? @name "_")) @definition.constant
(var_spec name: (identifier) @name (#not-eq? @name "_")) @definition.variable
[
  (const_spec . (identifier) . "," type: (_) @signature)
  (var_spec name: (_) . "," type: (_) @signature)
] @definition

; Exports

(source_file [
  (function_declaration name: (_) @export)
  (type_declaration (_ name: (_) @export))
  (const_declaration (const_spec (identifier) @export))
  (var_declaration (var_spec name: (identifier) @export))
  (var_declaration (var_spec_list (var_spec name: (identifier) @export)))
] (#match? @export "^[A-ZÀ-ÖØ-ÞΑ-ΩА-Я]"))

; Imports

(import_spec path: (_ (_) @module)) @import
(import_spec name: (_) @alias) @import
