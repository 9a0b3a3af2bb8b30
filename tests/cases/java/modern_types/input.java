package org.example;

import java.util.function.Function;

/** A shape of the plane. */
public sealed interface Shape permits Circle, Square {
    double UNIT = 1.0;

    double area();

    default String label() { return "shape"; }

    static Shape unit() { return new Circle(UNIT); }
}

record Circle(double radius, @Nullable String name) implements Shape, Comparable<Circle> {
    static int count;

    Circle {
        count++;
    }

    public double area() { return Math.PI * radius * radius; }
}

enum Planet implements Function<Double, Double> {
    /** The nearest. */
    MERCURY(3.3e23) {
        @Override public Double apply(Double mass) { return mass; }
    },
    EARTH(5.97e24);

    private final double mass;

    Planet(double mass) { this.mass = mass; }

    public Double apply(Double other) { return mass + other; }

    non-sealed class Ring {}
}
