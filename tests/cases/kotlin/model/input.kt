@file:JvmName("Models")

package org.example.model

import kotlin.math.sqrt
import org.example.base.Entity as BaseEntity
import org.example.util.*

/** The key of an entity. */
typealias Key<T> = Pair<String, T>

const val LIMIT: Int = 10
internal val cache by lazy { HashMap<String, Any>() }

/**
 * A user.
 *
 * @property name as shown
 */
@Serializable
@Table(name = "users")
data class User<T : Any>(val name: String, private var age: Int = 0, role: T) :
    BaseEntity<T>(role), Comparable<User<T>> by delegate where T : Role {
    constructor(name: String) : this(name, 0, guest()) {
        println(name)
    }

    init {
        val local = 1
    }

    lateinit var email: String
        private set
    val isAdult: Boolean
        get() = age >= 18

    // Waits for the server.
    override suspend fun save(vararg tags: String): Result<Unit> {
        fun attempt(n: Int) = n
        return Result.success(Unit)
    }

    companion object {
        fun guest(): User<Guest> = TODO()
    }
}

fun distance(x: Double, y: Double = 0.0) = sqrt(x * x + y * y)
