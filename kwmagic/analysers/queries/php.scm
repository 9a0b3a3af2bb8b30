; PHP. The vocabulary is described in tree_sitter.py.

(comment) @comment

; Only the name: what stands in the braces of a namespace is called as what follows one without
(namespace_definition name: (_) @name @definition.namespace)

; Types

(class_declaration name: (_) @name body: (_) @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(trait_declaration name: (_) @name body: (_) @body) @definition.trait
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_case name: (_) @name) @definition.enumerator
(_ (base_clause [(name) (qualified_name)] @base)) @definition
(_ (class_interface_clause [(name) (qualified_name)] @base)) @definition
(anonymous_class body: (_) @local)

; Functions and members

(function_definition name: (_) @name body: (_) @body) @definition.function
(method_declaration name: (_) @name) @definition.method
(method_declaration body: (_) @body) @definition
(method_declaration name: (_) @name (#match? @name "^(?i:__construct)$")) @definition.constructor
(method_declaration name: (_) @name (#match? @name "^(?i:__destruct)$")) @definition.destructor
(property_declaration (property_element name: (_ (name) @name)) @definition.property)
(property_declaration type: (_) @type (property_element) @definition)
(property_declaration (property_element) @definition . (property_hook_list))
(property_promotion_parameter name: (_ (name) @name)) @definition.property @outside
(property_promotion_parameter type: (_) @type) @definition
(const_declaration (const_element . (name) @name) @definition.constant)
(const_declaration type: (_) @type (const_element) @definition)
(function_call_expression
  function: (name) @_define
  arguments: (arguments . (argument (string (string_content) @name)) @definition.constant)
  (#eq? @_define "define"))
(program (expression_statement (assignment_expression
  left: (variable_name (name) @name)
  right: [
    (anonymous_function parameters: (_) @signature)
    (arrow_function parameters: (_) @signature)
  ]) @definition.function))

(_ [
  (abstract_modifier)
  (final_modifier)
  (readonly_modifier)
  (static_modifier)
  (visibility_modifier)
] @flag) @definition
(property_declaration [
  (readonly_modifier)
  (static_modifier)
  (visibility_modifier)
] @flag (property_element) @definition)
(const_declaration [
  (final_modifier)
  (visibility_modifier)
] @flag (const_element) @definition)
(_ attributes: (_ (_ (attribute) @decorator))) @definition
(property_declaration attributes: (_ (_ (attribute) @decorator)) (property_element) @definition)
(const_declaration attributes: (_ (_ (attribute) @decorator)) (const_element) @definition)

(anonymous_function body: (_) @local)
(arrow_function body: (_) @local)

; Imports

(namespace_use_declaration (namespace_use_clause . (name) @module) @import)
(namespace_use_clause (qualified_name prefix: (namespace_name) @module (name) @imported)) @import
(namespace_use_clause alias: (_) @alias) @import
(namespace_use_clause type: _ @flag) @import
(namespace_use_declaration type: _ @flag body: (_ (namespace_use_clause) @import))
(namespace_use_declaration (namespace_name) @module body: (_ (namespace_use_clause . (name) @imported) @import))
(_ ["include" "include_once" "require" "require_once"] [
  (string (string_content) @module)
  (binary_expression right: (string (string_content) @module))
]) @import
