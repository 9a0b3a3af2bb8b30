=begin
Builders of things.
=end

VERSION = "1.0"
DEFAULTS ||= {}.freeze
Shapes::EXTRA = 3
$global = 1

Failure = Class.new(StandardError) do
  def reason; end
end

Pair = Struct.new(:left, :right) do
  def swap; end
end

Coordinate = Data.define(:lat, :lng)

String.class_eval do
  def shout; upcase; end
end

module Hooks
  def self.included(base)
    base.extend ClassMethods
  end

  module ClassMethods
    def hook(name) end
  end

  class_methods do
    def inherited_hook; end
  end
end

task :build do
  def in_task; end
end

RSpec.describe Point do
  it "moves" do
  end
end

__END__
def not_code; end
