; Ruby. The vocabulary is described in tree_sitter.py.

(comment) @comment

; Modules and classes

(module name: (constant) @name "end" @body) @definition.module
(module name: (scope_resolution name: (_) @name) "end" @body) @definition.module
(module name: (scope_resolution scope: (_) @qualifier)) @definition
(module body: (_) @body) @definition
(class name: (constant) @name "end" @body) @definition.class
(class name: (scope_resolution name: (_) @name) "end" @body) @definition.class
(class name: (scope_resolution scope: (_) @qualifier)) @definition
(class body: (_) @body) @definition
(class superclass: (_ [(constant) (scope_resolution) (call)] @base)) @definition
(singleton_class) @scope.type
(call receiver: (constant) block: (_)) @scope.type
(call receiver: [(constant) (scope_resolution)] @name method: (_) @_eval block: (_)
  (#match? @_eval "^(class|module)_(eval|exec)$")) @scope.type

; Constants; classes that are made by a call

(assignment left: (constant) @name) @definition.constant
(assignment left: (scope_resolution scope: (_) @qualifier name: (constant) @name)) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
(operator_assignment left: (constant) @name) @definition.constant
([
  (assignment left: [(constant) (scope_resolution)] right: (call receiver: (constant) @_class method: (_) @_new))
  (assignment left: [(constant) (scope_resolution)] right: (call
    receiver: (constant) @_class
    method: (_) @_new
    block: (_) @body))
] @definition.class (#match? @_class "^(Class|Struct|Data)$") (#match? @_new "^(new|define)$"))
((assignment left: (constant) right: (call
  receiver: (constant) @_class
  method: (_) @_new
  arguments: (_ . [(constant) (scope_resolution)] @base))) @definition
  (#eq? @_class "Class") (#eq? @_new "new"))
((assignment left: (constant) right: (call receiver: (constant) @_class method: (_) @_new)) @definition.module
  (#eq? @_class "Module") (#eq? @_new "new"))

; Methods

(method name: (_) @name "end" @body) @definition.method
(method name: (_) @name "=" @body) @definition.method
(method body: (_) @body) @definition
(method parameters: (_) @signature) @definition
((method name: (_) @_name) @definition.constructor (#eq? @_name "initialize"))
(singleton_method name: (_) @name "end" @body) @definition.method @flag.static @flag.public
(singleton_method name: (_) @name "=" @body) @definition.method @flag.static @flag.public
(singleton_method body: (_) @body) @definition
(singleton_method parameters: (_) @signature) @definition
(singleton_method object: [(constant) (identifier)] @qualifier) @definition
(singleton_class body: (_ (method) @definition @flag.static))

(alias name: (_) @name alias: (_) @body) @definition.method @flag.alias
((call method: (_) @_alias arguments: (_ . [(simple_symbol) (string)] @name . (_) @body)) @definition.method @flag.alias
  (#eq? @_alias "alias_method"))
((call method: (_) @_define arguments: (_ . [(simple_symbol) (string . (string_content) .)] @name)) @definition.method
  (#match? @_define "^define_(singleton_)?method$"))
((call method: (_) @_define arguments: (_ . (_) @body)) @definition
  (#match? @_define "^define_(singleton_)?method$"))
((call method: (_) @_define block: (_ parameters: (_) @signature)) @definition
  (#match? @_define "^define_(singleton_)?method$"))
((call method: (_) @_attr arguments: (_ [(simple_symbol) (string)] @name)) @definition.attribute
  (#match? @_attr "^([cm]?attr_(accessor|reader|writer)|attr)$"))

; Who may call them

(body_statement (identifier) @flag @section (#match? @flag "^(private|protected|public)$"))
(body_statement (identifier) @_word @section @flag.static (#eq? @_word "module_function"))
(call method: (_) @flag arguments: (_ (method) @definition) (#match? @flag "^(private|protected|public)$"))
(call method: (_) @flag arguments: (_ (method) @definition @flag.public) (#eq? @flag "public"))
(call method: (_) @flag arguments: (_ (call) @definition) (#match? @flag "^(private|protected)$"))
(call method: (_) @_word arguments: (_ (method) @definition @flag.static) (#eq? @_word "module_function"))
((call method: (_) @flag arguments: (_ [(simple_symbol) (string)] @name)) @mark
  (#match? @flag "^(private|protected)$"))
((call method: (_) @_word arguments: (_ [(simple_symbol) (string)] @name)) @mark @flag.private
  (#match? @_word "^private_(class_method|constant)$"))
((call method: (_) @_word arguments: (_ (singleton_method) @definition)) @flag.private
  (#eq? @_word "private_class_method"))
((call method: (_) @_word arguments: (_ [(simple_symbol) (string)] @name)) @mark @flag.static
  (#eq? @_word "module_function"))

; Imports

((call !receiver method: (_) @_require arguments: (_ . (string . (string_content) @module .))) @import
  (#match? @_require "^(require|load)$"))
((call !receiver method: (_) @_require arguments: (_ . (string . (string_content) @module .))) @import @flag.relative
  (#eq? @_require "require_relative"))
((call method: (_) @_require arguments: (_ . (_) . (string . (string_content) @module .))) @import
  (#eq? @_require "autoload"))
