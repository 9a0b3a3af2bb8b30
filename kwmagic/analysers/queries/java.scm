; Java. The vocabulary is described in tree_sitter.py.

[(line_comment) (block_comment)] @comment

(package_declaration [(identifier) (scoped_identifier)] @name) @definition.package
(module_declaration name: (_) @name body: (_) @body) @definition.module

; Types

(class_declaration name: (_) @name body: (_) @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (_) @name body: (_) @body) @definition.annotation
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_constant name: (_) @name) @definition.enumerator
(enum_constant body: (_) @body) @definition
(record_declaration name: (_) @name body: (_) @body) @definition.record
(record_declaration parameters: (_ (formal_parameter type: (_) @type name: (_) @name) @definition.field))

(_ superclass: (_ (_) @base)) @definition
(_ (super_interfaces (_ (_) @base))) @definition
(_ (extends_interfaces (_ (_) @base))) @definition

; Members

(method_declaration type: (_) @returns name: (_) @name parameters: (_) @signature) @definition.method
(method_declaration type_parameters: (_) @generics) @definition
(annotation_type_element_declaration
  type: (_) @returns
  name: (_) @name
  "(" @signature
  ")" @signature) @definition.method
(constructor_declaration name: (_) @name parameters: (_) @signature) @definition.constructor
(constructor_declaration type_parameters: (_) @generics) @definition
(compact_constructor_declaration name: (_) @name body: (_) @body) @definition.constructor
(field_declaration type: (_) @type declarator: (_ name: (_) @name) @definition.field)
(constant_declaration type: (_) @type declarator: (_ name: (_) @name) @definition.constant)
[
  (field_declaration (modifiers "static" "final") declarator: (_) @definition.constant)
  (field_declaration (modifiers "final" "static") declarator: (_) @definition.constant)
]

(_ (modifiers _ @flag)) @definition
(_ (modifiers [(annotation) (marker_annotation)] @decorator)) @definition
(_ (modifiers _ @flag) declarator: (_) @definition)
(_ (modifiers [(annotation) (marker_annotation)] @decorator) declarator: (_) @definition)

(lambda_expression body: (_) @local)

; Imports

(import_declaration (identifier) @module .) @import
(import_declaration (scoped_identifier scope: (_) @module name: (_) @imported) .) @import
(import_declaration (_) @module (asterisk) @imported) @import
(import_declaration "static" @flag) @import
