# frozen_string_literal: true

require 'set'
require_relative "../shapes/base"
load 'tasks.rake'
autoload :Canvas, 'shapes/canvas'

# Things that can be drawn.
module Shapes
  # A point.
  #
  # @example
  #   Point.new(1, 2)
  class Point < Struct.new(:x, :y)
    include Comparable
    LIMIT = 3
    RED, BLUE = 1, 2
    NAMES = %w[a b].freeze
    # Across.
    attr_accessor :x, "y"
    attr_reader :name
    attr_writer :size

    def initialize(a, b = 1, *rest, key:, **options, &block)
      @a = a
    end

    def self.make(x) = new(x)

    def ==(other) = true
    def [](index); end
    def x=(value); @x = value; end
    def empty?; end
    def save!; end

    class << self
      def build; end

      private

      def secret; end
      attr_reader :cache
    end

    alias to_str to_s
    alias :size? :length
    alias_method :old, :new
    define_method(:dynamic) { |a| a }
    define_method "named" do |a, b|
    end
  end
end

class ::Top::Level < ::Shapes::Point
  def nested
    def inside; end
  end
end

class Shapes::Error < StandardError; end
class Shapes::Parser::Error < Error; end
