namespace Grants.Tidy.Dependencies.Samples;

// One type for each thing that the core may not do. The rules must find each of them in compiled code.
internal sealed record Pure(int Value)
{
    public int Twice => Value * 2;
}

internal static class Adder
{
    public static IEnumerable<DateTimeOffset> Later(DateTimeOffset at, int seconds)
    {
        yield return at.AddSeconds(seconds);
    }
}

internal sealed record FloatingField(double Value);

internal static class FloatingLocal
{
    public static int Half(int value)
    {
        var half = value / 2f;
        return (int)half;
    }
}

internal static class FloatingCast
{
    public static int Scale(int value) => (int)(value * 1.5);
}

internal static class ClockReader
{
    public static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}

internal static class ClockInLambda
{
    public static Func<int> Year() => () => DateTime.Now.Year;
}

internal static class Waiter
{
    public static async Task WaitAsync() => await Task.Yield();
}

internal static class Chooser
{
    public static Func<Pure, bool> Choose() => pure => Guid.NewGuid().GetHashCode() == pure.Value;
}

internal static class FileReader
{
    public static string Read(string file) => File.ReadAllText(file);
}
