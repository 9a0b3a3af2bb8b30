using System;
using static System.Math;
using Rows = System.Collections.Generic.List<string>;
global using System.Linq;

[assembly: CLSCompliant(true)]

namespace Example.Store
{
    /// <summary>Keeps rows.</summary>
    /// <typeparam name="T">What a row is.</typeparam>
    [Serializable, Obsolete("use Table")]
    public abstract partial class Store<T> : Base<T>, IDisposable, Other.IStore where T : class, new()
    {
        public const int Limit = 10, None = 0;
        private static readonly Rows names = new();
        public event EventHandler Changed, Closed;
        public delegate bool Filter<in TRow>(TRow row);

        protected Store(string path) : base(path) { }
        ~Store() { }

        /// <summary>How many.</summary>
        public int Count { get; private set; } = 0;
        public T this[int index] => Find(index);

        public virtual async Task<T> FindAsync<TKey>(TKey key, params string[] rest) where TKey : struct
        {
            int Local(int x) => x;
            Func<int, int> twice = x => 2 * x;
            return await Load(key);
        }

        void IDisposable.Dispose() { }
        public static Store<T> operator +(Store<T> a, Store<T> b) => a;
        public static explicit operator int(Store<T> a) => a.Count;
    }
}
