class Account
  def open; end

  private

  LIMIT = 1
  attr_reader :pin
  def check; end

  public

  def close; end
  def audit; end
  def helper; end

  protected def compare(other) = true
  private def hash_of(a)
    a
  end
  private attr_accessor :token

  private :audit, :helper
  private_class_method def self.factory; end

  def self.registry; end
  private_class_method :registry

  protected

  def peer; end

  def self.always_public; end

  class Inner
    def fine; end
  end

  def still_protected; end
end

module Tools
  module_function

  def format(text) = text
end

def top_level(a, b:)
end

if RUBY_VERSION > "3"
  def conditional; end
end
