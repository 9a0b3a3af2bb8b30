
; TypeScript alone, with or without tags

(abstract_class_declaration name: (_) @name body: (_) @body) @definition.class @flag.abstract
(class_declaration (class_heritage (extends_clause value: (_) @base))) @definition
(class_declaration (class_heritage (implements_clause (_) @base))) @definition
(abstract_class_declaration (class_heritage (extends_clause value: (_) @base))) @definition
(abstract_class_declaration (class_heritage (implements_clause (_) @base))) @definition
(variable_declarator value: (class (class_heritage (extends_clause value: (_) @base)))) @definition
(export_statement value: (class (class_heritage (extends_clause value: (_) @base)))) @definition
(assignment_expression right: (class (class_heritage (extends_clause value: (_) @base)))) @definition

(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(interface_declaration (extends_type_clause (_) @base)) @definition
(interface_body (property_signature name: (_) @name) @definition.field)
(interface_body (method_signature name: (_) @name) @definition.method)
(interface_body (method_signature "get") @definition.property @flag.getter)
(interface_body (method_signature "set") @definition.property @flag.setter)
(property_signature "readonly" @flag) @definition
(construct_signature "new" @name) @definition.constructor

(public_field_definition name: (_) @name) @definition.field
(public_field_definition name: (_) @name value: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.method
(public_field_definition value: (_ "async" @flag)) @definition
(public_field_definition [(accessibility_modifier) "static" "readonly" "abstract"] @flag) @definition
(public_field_definition name: (private_property_identifier)) @definition @flag.private
(class_body (method_signature name: (_) @name) @definition.method @flag.declaration)
(class_body (method_signature name: (_) @name (#eq? @name "constructor")) @definition.constructor)
(class_body (method_signature [(accessibility_modifier) "static"] @flag) @definition)
(abstract_method_signature name: (_) @name) @definition.method @flag.abstract
(abstract_method_signature (accessibility_modifier) @flag) @definition
(abstract_method_signature "get") @definition.property @flag.getter
(abstract_method_signature "set") @definition.property @flag.setter
(method_definition (accessibility_modifier) @flag) @definition
(required_parameter [(accessibility_modifier) "readonly"] @flag pattern: (identifier) @name) @definition.field @outside
(optional_parameter [(accessibility_modifier) "readonly"] @flag pattern: (identifier) @name) @definition.field @outside

; Functions without a body, and what values that are functions have beside parameters

(function_signature name: (_) @name) @definition.function @flag.declaration
[
  (variable_declarator value: (_ type_parameters: (_) @signature parameters: (_)))
  (variable_declarator value: (_ parameters: (_) return_type: (_) @signature))
  (assignment_expression right: (_ type_parameters: (_) @signature parameters: (_)))
  (assignment_expression right: (_ parameters: (_) return_type: (_) @signature))
  (pair value: (_ type_parameters: (_) @signature parameters: (_)))
  (pair value: (_ parameters: (_) return_type: (_) @signature))
  (export_statement value: (_ type_parameters: (_) @signature parameters: (_)))
  (export_statement value: (_ parameters: (_) return_type: (_) @signature))
  (public_field_definition value: (_ type_parameters: (_) @signature parameters: (_)))
  (public_field_definition value: (_ parameters: (_) return_type: (_) @signature))
] @definition

; Enums, aliases, namespaces and their values

(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_declaration "const" @flag) @definition
(enum_body name: (_) @name @definition.enumerator)
(enum_assignment name: (_) @name) @definition.enumerator
(type_alias_declaration name: (_) @name) @definition.type_alias

(internal_module name: (_) @name body: (_) @body) @definition.namespace
(module name: (string) @name body: (_) @body) @definition.module
(module name: [(identifier) (nested_identifier)] @name body: (_) @body) @definition.namespace
[
  (internal_module (statement_block (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant)))
  (internal_module (statement_block (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable)))
  (internal_module (statement_block (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)))
  (module (statement_block (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant)))
  (module (statement_block (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable)))
  (module (statement_block (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)))
]
(ambient_declaration [
  (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant)
  (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (statement_block (lexical_declaration "const" (variable_declarator name: (identifier) @name) @definition.constant))
  (statement_block (lexical_declaration "let" (variable_declarator name: (identifier) @name) @definition.variable))
  (statement_block (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable))
])
(ambient_declaration [
  (class_declaration) @definition
  (abstract_class_declaration) @definition
  (enum_declaration) @definition
  (lexical_declaration (variable_declarator) @definition)
  (variable_declaration (variable_declarator) @definition)
]) @flag.declaration

; Decorators

(class_declaration decorator: (_) @decorator) @definition
(abstract_class_declaration decorator: (_) @decorator) @definition
(public_field_definition decorator: (_) @decorator) @definition
(class_body decorator: (_) @decorator)
(export_statement decorator: (_) @decorator)

; Exports and imports

(program (export_statement "=" (identifier) @export @exported))
(program (export_statement declaration: (ambient_declaration [
  (_ name: (_) @export @exported)
  (_ (variable_declarator name: (identifier) @export @exported))
])))

(import_statement (import_require_clause (identifier) @alias source: (string (string_fragment) @module))) @import
(import_alias . (identifier) @alias . (_) @module) @import
[
  (import_statement "type" (import_clause (identifier) @import))
  (import_statement "type" (import_clause (namespace_import) @import))
  (import_statement "type" (import_clause (named_imports (import_specifier) @import)))
  (import_specifier "type") @import
  (export_statement "type" (export_clause (export_specifier) @import))
  (export_specifier "type") @import
] @flag.typing-only
