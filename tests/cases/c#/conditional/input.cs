// Starts the program.

using System;

Console.WriteLine(Greeting("all"));
var code = 0;
return code;

static string Greeting(string name) => $"Hello, {name}";

class Platform
{
#if WINDOWS && !ARM
    public int Handle;
#elif LINUX
    public long Handle;
#else
    public void Open() { }
#endif

    #region Helpers
    // The separator of paths.
    internal char Separator = '/';
    #endregion
}
