using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Tidy.Schema;

/// <summary>
/// Makes one value of any event by its primary constructor: every member filled, every value derived from the member's
/// name, the same in every run.
/// </summary>
internal static class Samples
{
    public static object Of(Type type) => Of(type, type.Name, [])!;

    // A record within one of its own kind is left out, or there would be no end to it.
    private static object? Of(Type type, string name, ImmutableHashSet<Type> within)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Of(inner, name, within);
        if (Simple(type, name) is { } simple)
            return simple;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0)!;
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
            return ListOf(type, name, within);
        return within.Contains(type) ? null : RecordOf(type, within.Add(type));
    }

    private static object? Simple(Type type, string name) => type switch
    {
        _ when type == typeof(string) => name,
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 1,
        _ when type == typeof(long) => 1_767_225_600L,
        _ when type == typeof(UInt256) => UInt256.Parse("1000000000000000000"),
        _ when type == typeof(Rational) => new Rational(1, 3),
        _ when type == typeof(BasisPoints) => new BasisPoints(2_500),
        _ when type == typeof(Hash32) => Keccak256.Hash(name),
        _ when type == typeof(Address) => new Address(Keccak256.Hash(name).ToBytes().AsSpan(12)),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        _ => null,
    };

    private static object ListOf(Type type, string name, ImmutableHashSet<Type> within)
    {
        var element = type.GetGenericArguments()[^1];
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Of(element, name, within), 0);
        if (type.GetGenericTypeDefinition() == typeof(ImmutableSortedSet<>))
            return ImmutableSortedSet.CreateRange(StringComparer.Ordinal, (string[])array);
        var isValueList = type.GetGenericTypeDefinition() == typeof(ValueList<>);
        var items = (isValueList ? typeof(ImmutableArray) : typeof(ImmutableList)).GetMethods()
            .Single(method => method.Name == "CreateRange" && method.GetParameters() is [{ ParameterType: { IsGenericType: true } only }]
                && only.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .MakeGenericMethod(element)
            .Invoke(null, [array])!;
        return isValueList ? Activator.CreateInstance(type, items)! : items;
    }

    // Of an abstract record, the first that may stand for it.
    private static object RecordOf(Type type, ImmutableHashSet<Type> within)
    {
        if (type.IsAbstract)
            type = type.GetCustomAttributes<JsonDerivedTypeAttribute>().First().DerivedType;
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor: say in Samples how one is made.");
        return constructor.Invoke(
            [.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType, parameter.Name!, within))]);
    }
}
