package org.example

enum class Planet(val mass: Double) : Body {
    /** The nearest. */
    MERCURY(3.3e23) {
        override fun name() = "m"
    },
    @Deprecated("too small")
    PLUTO(1.3e22);

    abstract fun name(): String
}

sealed interface State : Parent, Other<Int> {
    data object Idle : State
    class Busy(val since: Long) : State
    fun next(): State
}

object Registry : HashMap<String, State>() {
    private val names = mutableListOf<String>()

    @JvmStatic
    fun find(name: String): State? = get(name)
}

annotation class Fancy(val why: String)

class Outer {
    inner class Inner
    companion object Factory : Maker<Outer> {
        const val SIZE = 1
    }
}
