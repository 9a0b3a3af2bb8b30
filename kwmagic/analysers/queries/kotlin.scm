; Kotlin. The vocabulary is described in tree_sitter.py.

[(line_comment) (block_comment)] @comment

(package_header (qualified_identifier) @name) @definition.package

; Types

(class_declaration name: (_) @name) @definition.class
(class_declaration "interface") @definition.interface
(class_declaration (modifiers (class_modifier "enum"))) @definition.enum
(class_declaration (modifiers (class_modifier "annotation"))) @definition.annotation
(class_declaration (primary_constructor (class_parameters
  (class_parameter ["val" "var"] . (identifier) @name) @definition.property)))
(object_declaration name: (_) @name) @definition.object
(companion_object "object" @name.Companion !name) @definition.object
(companion_object name: (_) @name) @definition.object
(enum_entry (identifier) @name) @definition.enumerator
(_ [(class_body) (enum_class_body)] @body) @definition
(type_alias type: (_) @name) @definition.type_alias
(_ (delegation_specifiers (delegation_specifier [
  (user_type) @base
  (constructor_invocation (user_type) @base)
  (explicit_delegation . (user_type) @base)
]))) @definition

; Functions and properties

(function_declaration name: (_) @name) @definition.function
(function_declaration (function_body) @body) @definition
(function_declaration (type_parameters) @generics) @definition
(function_declaration (user_type . (identifier) @qualifier) . "." . name: (_)) @definition
(secondary_constructor "constructor" @name (function_value_parameters) @signature) @definition.constructor
[
  (class_body (function_declaration) @definition.method)
  (enum_class_body (function_declaration) @definition.method)
]
[
  (source_file (property_declaration (variable_declaration . (identifier) @name)) @definition.property)
  (class_body (property_declaration (variable_declaration . (identifier) @name)) @definition.property)
  (enum_class_body (property_declaration (variable_declaration . (identifier) @name)) @definition.property)
]
(source_file (property_declaration
  (multi_variable_declaration (variable_declaration . (identifier) @name))) @definition.property)
(property_declaration [(getter) (setter)] @body) @definition
(property_declaration (type_parameters) @generics) @definition
(property_declaration (user_type . (identifier) @qualifier) . "." . (variable_declaration)) @definition
(property_declaration (modifiers (property_modifier "const"))) @definition.constant

(_ (modifiers (_) @flag)) @definition
(_ (modifiers (annotation) @decorator)) @definition
; How the grammar reads an annotation with arguments above a declaration of the file
(source_file (annotated_expression) @decorator)

(lambda_literal) @local
(anonymous_function) @local
(anonymous_initializer) @local
(object_literal) @local

; Imports

(import (qualified_identifier (identifier) @imported .) @module) @import
(import "*") @import @flag.star
(import "as" (identifier) @alias) @import
