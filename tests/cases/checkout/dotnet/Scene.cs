using System;

namespace Lumen
{
    /// <summary>What is rendered.</summary>
    public class Scene : IDisposable
    {
        public int Lights { get; set; }

        public void Dispose() { }
    }
}
