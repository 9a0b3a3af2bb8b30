; C#. The vocabulary is described in tree_sitter.py.

(comment) @comment

(namespace_declaration name: (_) @name body: (_) @body) @definition.namespace
(file_scoped_namespace_declaration name: (_) @name) @definition.namespace @open

; Types

(class_declaration name: (_) @name) @definition.class
(struct_declaration name: (_) @name) @definition.struct
(record_declaration name: (_) @name) @definition.record
(record_declaration (parameter_list (parameter type: (_) @type name: (_) @name) @definition.property))
(interface_declaration name: (_) @name) @definition.interface
(enum_declaration name: (_) @name) @definition.enum
(enum_member_declaration name: (_) @name) @definition.enumerator
(_ body: [(declaration_list) (enum_member_declaration_list)] @body) @definition
(_ (base_list [
  (identifier) @base
  (qualified_name) @base
  (generic_name) @base
  (primary_constructor_base_type type: (_) @base)
])) @definition
(delegate_declaration
  type: (_) @returns
  name: (_) @name
  type_parameters: (_)? @signature
  parameters: (_) @signature) @definition.delegate

; Members

(method_declaration
  returns: (_) @returns
  name: (_) @name
  type_parameters: (_)? @signature
  parameters: (_) @signature) @definition.method
(local_function_statement
  type: (_) @returns
  name: (_) @name
  type_parameters: (_)? @signature
  parameters: (_) @signature) @definition.function
(constructor_declaration name: (_) @name parameters: (_) @signature) @definition.constructor
(destructor_declaration name: (_) @name parameters: (_) @signature) @definition.destructor
(operator_declaration
  type: (_) @returns
  operator: _ @name
  parameters: (_) @signature) @definition.operator
(conversion_operator_declaration type: (_) @name parameters: (_) @signature) @definition.operator
(property_declaration type: (_) @type name: (_) @name [
  accessors: (_) @body
  value: (arrow_expression_clause) @body
]) @definition.property
(indexer_declaration type: (_) @returns "this" @name parameters: (_) @signature) @definition.property
(event_declaration type: (_) @type name: (_) @name accessors: (_) @body) @definition.event
(event_field_declaration
  (variable_declaration type: (_) @type (variable_declarator name: (_) @name) @definition.event))
(field_declaration
  (variable_declaration type: (_) @type (variable_declarator name: (_) @name) @definition.field))
(field_declaration
  (modifier "const")
  (variable_declaration (variable_declarator) @definition.constant))
(global_statement (local_declaration_statement
  (variable_declaration type: (_) @type (variable_declarator name: (_) @name) @definition.variable)))

(_ (explicit_interface_specifier (_) @qualifier)) @definition
(_ (modifier) @flag) @definition
(_ (modifier) @flag (variable_declaration (variable_declarator) @definition))
(_ (attribute_list (attribute) @decorator)) @definition
(_ (attribute_list (attribute) @decorator) (variable_declaration (variable_declarator) @definition))

(lambda_expression body: (_) @local)
(anonymous_method_expression (block) @local)

; Conditions

(preproc_if "#if" @condition condition: (_) @condition) @scope
(preproc_elif "#elif" @condition condition: (_) @condition) @scope
(preproc_else "#else" @condition) @scope

; Imports

(using_directive (_) @module .) @import
(using_directive name: (_) @alias) @import
(using_directive ["global" "static"] @flag) @import
