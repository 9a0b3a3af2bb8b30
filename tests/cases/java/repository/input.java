/*
 * Copyright 2024 Someone. Licensed under the Apache License, Version 2.0.
 */
package org.example.store;

import static java.util.stream.Collectors.*;
import static org.example.Names.normal;

import java.io.IOException;
import java.util.*;

/**
 * Keeps entities by their key.
 *
 * @param <K> the keys
 */
@Repository("main")
public abstract class Store<K extends Comparable<K>, V> extends Base<V> implements Iterable<V>, AutoCloseable {
    public static final int LIMIT = 1_000, NONE[] = {};
    private final Map<K, V> rows = new TreeMap<>();
    protected volatile boolean open;

    static {
        int local = 1;
    }

    protected Store(Path path) throws IOException {
        this.open = true;
    }

    /** The value of a key. */
    @Override
    public synchronized <T extends V> T find(K key, T... others) throws IOException {
        class Local {
            void inner() {}
        }
        Runnable later = new Runnable() {
            public void run() {}
        };
        return null;
    }

    abstract int[] sizes();

    // Compares by key.
    static final Comparator<Object> ORDER = new Comparator<>() {
        @Override public int compare(Object a, Object b) { return 0; }
    };
}
