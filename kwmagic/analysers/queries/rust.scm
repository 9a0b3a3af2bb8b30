; Rust. The vocabulary is described in tree_sitter.py.

[(line_comment) (block_comment)] @comment

(attribute_item (attribute . (_) @_name) @decorator (#not-eq? @_name "cfg"))
(attribute_item (attribute . (_) @_name) @condition (#eq? @_name "cfg"))

; Types

(struct_item name: (_) @name) @definition.struct
(struct_item body: (field_declaration_list) @body) @definition
(union_item name: (_) @name body: (_) @body) @definition.union
(enum_item name: (_) @name body: (_) @body) @definition.enum
(enum_variant name: (_) @name) @definition.enumerator
(trait_item name: (_) @name body: (_) @body) @definition.trait
(trait_item bounds: (_ [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type type: (_) @base)
])) @definition
[
  (struct_item body: (_ (field_declaration name: (_) @name) @definition.field))
  (union_item body: (_ (field_declaration name: (_) @name) @definition.field))
]
(type_item name: (_) @name) @definition.type_alias
(associated_type name: (_) @name) @definition.type_alias

; What an `impl` holds belongs to its type
(impl_item type: [
  (type_identifier) @name
  (scoped_type_identifier name: (_) @name)
  (generic_type type: (type_identifier) @name)
  (generic_type type: (scoped_type_identifier name: (_) @name))
  (reference_type type: [
    (type_identifier) @name
    (scoped_type_identifier name: (_) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (_) @name))
  ])
  (array_type) @name
  (bounded_type) @name
  (dynamic_type) @name
  (function_type) @name
  (macro_invocation) @name
  (pointer_type) @name
  (primitive_type) @name
  (tuple_type) @name
]) @scope.type

; Functions

(function_item name: (_) @name) @definition.function
(function_item body: (_) @body) @definition
(function_signature_item name: (_) @name) @definition.function @flag.declaration
[
  (impl_item body: (_ (function_item) @definition.method))
  (trait_item body: (_ (function_item) @definition.method))
  (trait_item body: (_ (function_signature_item) @definition.method))
]
[
  (function_item (function_modifiers _ @flag))
  (function_signature_item (function_modifiers _ @flag))
  (function_item (function_modifiers (extern_modifier) @flag.extern))
  (function_signature_item (function_modifiers (extern_modifier) @flag.extern))
  (trait_item "unsafe" @flag)
] @definition
(foreign_mod_item body: (_ (_) @definition) @flag.extern)
(macro_definition name: (_) @name ["(" "[" "{"] @body) @definition.macro
(macro_definition ["(" "[" "{"] . (macro_rule left: (_) @signature)) @definition
(closure_expression body: (_) @local)

; Values

(const_item name: (_) @name (#not-eq? @name "_")) @definition.constant
(static_item name: (_) @name) @definition.variable
(static_item (mutable_specifier) @flag.mutable) @definition

; Modules and what is public in them

(mod_item name: (_) @name) @definition.module
(mod_item body: (_) @body) @definition

([
  (const_item (visibility_modifier) @_pub)
  (enum_item (visibility_modifier) @_pub)
  (field_declaration (visibility_modifier) @_pub)
  (function_item (visibility_modifier) @_pub)
  (function_signature_item (visibility_modifier) @_pub)
  (mod_item (visibility_modifier) @_pub)
  (static_item (visibility_modifier) @_pub)
  (struct_item (visibility_modifier) @_pub)
  (trait_item (visibility_modifier) @_pub)
  (type_item (visibility_modifier) @_pub)
  (union_item (visibility_modifier) @_pub)
] @definition @flag.exported (#eq? @_pub "pub"))
(source_file (_ (visibility_modifier) @_pub name: (_) @export) (#eq? @_pub "pub"))
(source_file (use_declaration (visibility_modifier) @_pub argument: [
  (scoped_identifier name: (_) @export)
  (use_as_clause alias: (_) @export)
  (scoped_use_list list: (_ [
    (identifier) @export
    (scoped_identifier name: (_) @export)
    (use_as_clause alias: (_) @export)
  ]))
]) (#eq? @_pub "pub"))

; Comments that speak of what they stand in

(source_file [(line_comment inner: (_)) (block_comment inner: (_))] @about)
(mod_item body: (_ [(line_comment inner: (_)) (block_comment inner: (_))] @doc)) @definition

; Imports

(use_declaration) @group
((use_declaration (visibility_modifier) @_pub) @group @flag.re-export (#eq? @_pub "pub"))
(scoped_use_list path: (_) @module) @group
(use_declaration argument: [
  (identifier) @imported
  (scoped_identifier path: (_) @module name: (_) @imported)
] @import)
(use_declaration argument: (scoped_identifier !path name: (_) @imported) @import)
(use_list [
  (identifier) @imported
  (scoped_identifier path: (_) @module name: (_) @imported)
  (self)
] @import)
(use_as_clause path: [
  (identifier) @imported
  (scoped_identifier path: (_) @module name: (_) @imported)
  (self)
]) @import
(use_as_clause alias: (_) @alias) @import
(use_wildcard "*" @imported) @import
(use_wildcard (_) @module) @import
(extern_crate_declaration name: (_) @module) @import
(extern_crate_declaration alias: (_) @alias) @import
