package org.lumen;

import java.util.List;

/** Renders scenes. */
public final class Lumen implements Runnable {
    private final List<String> lights;

    public Lumen(List<String> lights) {
        this.lights = lights;
    }

    @Override
    public void run() {}
}
