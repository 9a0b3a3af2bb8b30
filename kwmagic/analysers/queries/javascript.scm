
; JavaScript alone

(class_declaration (class_heritage (_) @base)) @definition
(variable_declarator value: (class (class_heritage (_) @base))) @definition
(export_statement value: (class (class_heritage (_) @base))) @definition
(assignment_expression right: (class (class_heritage (_) @base))) @definition

(field_definition property: (_) @name) @definition.field
(field_definition property: (_) @name value: [
  (_ parameters: (_) @signature)
  (arrow_function parameter: (_) @signature)
]) @definition.method
(field_definition value: (_ "async" @flag)) @definition
(field_definition "static" @flag) @definition
(field_definition property: (private_property_identifier)) @definition @flag.private

(class_declaration decorator: (_) @decorator) @definition
(method_definition decorator: (_) @decorator) @definition
(field_definition decorator: (_) @decorator) @definition
(export_statement decorator: (_) @decorator)
