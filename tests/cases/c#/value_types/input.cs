namespace Example.Shapes;

/// <summary>A point of the plane.</summary>
public readonly record struct Point(double X, double Y = 0);

public record Circle(Point Center, double Radius) : Shape(Center)
{
    public double Area => Math.PI * Radius * Radius;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Pixel
{
    public fixed byte Channels[4];
    [FieldOffset(0)] public int Value;
}

public interface IShape<out T> : IEquatable<T>
{
    T Scale(double by);
    string Name { get; }
    event Action Moved;
}

[Flags]
public enum Side : byte
{
    None = 0,
    /// <summary>Towards the west.</summary>
    Left = 1,
    [Obsolete] Right = 2,
}

file static class Extensions
{
    public static double Twice(this double value) => 2 * value;
    extern static int Native(int a);
}
