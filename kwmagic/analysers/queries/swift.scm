; Swift. The vocabulary is described in tree_sitter.py.

[(comment) (multiline_comment)] @comment

; Types and their extensions

(class_declaration declaration_kind: "class" name: (_) @name body: (_) @body) @definition.class
(class_declaration declaration_kind: "actor" name: (_) @name body: (_) @body) @definition.class @flag.actor
(class_declaration declaration_kind: "struct" name: (_) @name body: (_) @body) @definition.struct
(class_declaration declaration_kind: "enum" name: (_) @name body: (_) @body) @definition.enum
(class_declaration declaration_kind: "extension" name: (_) @name body: (_) @body) @definition.extension
(protocol_declaration name: (_) @name body: (_) @body) @definition.protocol
(_ (inheritance_specifier inherits_from: (_) @base)) @definition
(enum_entry name: (_) @name) @definition.enumerator
(typealias_declaration name: (type_identifier) @name) @definition.type_alias
(associatedtype_declaration . (modifiers)? . "associatedtype" . name: (_) @name) @definition.type_alias

; Functions and members

(function_declaration "func" . name: _ @name) @definition.operator
(function_declaration name: (simple_identifier)) @definition.function
(function_declaration body: (_) @body) @definition
(function_declaration "class" @flag.static) @definition
(function_declaration "async" @flag) @definition
(protocol_function_declaration "func" . name: _ @name) @definition.method
[
  (class_body (function_declaration name: (simple_identifier)) @definition.method)
  (enum_class_body (function_declaration name: (simple_identifier)) @definition.method)
]
(init_declaration name: _ @name) @definition.constructor
(init_declaration body: (_) @body) @definition
(init_declaration "async" @flag) @definition
(deinit_declaration "deinit" @name body: (_) @body) @definition.destructor
(subscript_declaration "subscript" @name (computed_property) @body) @definition.method
(operator_declaration (custom_operator) @name) @definition.operator @flag.declaration
(macro_declaration . (modifiers)? . "macro" . (simple_identifier) @name) @definition.macro

[
  (source_file (property_declaration name: (_ bound_identifier: (_) @name)) @definition.variable)
  (class_body (property_declaration name: (_ bound_identifier: (_) @name)) @definition.property)
  (enum_class_body (property_declaration name: (_ bound_identifier: (_) @name)) @definition.property)
  (protocol_property_declaration name: (_ bound_identifier: (_) @name)) @definition.property
]
(class_body (property_declaration name: (pattern (pattern (simple_identifier) @name))) @definition.property)
(source_file (property_declaration (value_binding_pattern "let")) @definition.constant)
(property_declaration [
  (computed_property)
  (willset_didset_block)
] @body) @definition
(protocol_property_declaration (protocol_property_requirements) @body) @definition

(_ (modifiers (_) @flag)) @definition
(_ (modifiers (visibility_modifier) @_private) @flag.private (#match? @_private "^fileprivate$")) @definition
(_ (modifiers (attribute) @decorator)) @definition

(lambda_literal) @local

; Imports

(import_declaration (identifier) @module) @import
(import_declaration (modifiers (attribute) @_exported) (#eq? @_exported "@_exported")) @import @flag.re-export
