using System.Reflection;
using System.Text.Json;
using Grants.Ethereum.Abi;
using Grants.Primitives;
using Grants.Service.Hosting.Embedded;

namespace Grants.Service.Demo;

/// <summary>Creation code: of our own contracts from the program, of Uniswap from its npm packages.</summary>
public static class Artifacts
{
    /// <summary>A contract of <c>schema/contracts</c>, ready to deploy.</summary>
    public static byte[] Own(string name, string constructorTypes, params object[] arguments)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"bytecode/{name}")
            ?? throw new DemoException($"The contract {name} is not part of this program.");
        using var reader = new StreamReader(stream);
        return WithArguments(reader.ReadToEnd().Trim(), constructorTypes, arguments);
    }

    /// <summary>A contract of an npm package, ready to deploy.</summary>
    public static byte[] FromNpm(string file, string constructorTypes, params object[] arguments)
    {
        using var artifact = JsonDocument.Parse(File.ReadAllText(Path.Combine(LocalFolder.Find(), "node_modules", file)));
        var code = artifact.RootElement.GetProperty("bytecode").GetString()!;
        return WithArguments(code.StartsWith("0x", StringComparison.Ordinal) ? code : "0x" + code, constructorTypes, arguments);
    }

    private static byte[] WithArguments(string code, string types, object[] arguments) =>
        types.Length == 0
            ? Hex.Parse(code)
            : [.. Hex.Parse(code), .. AbiCodec.Encode([.. types.Split(',').Select(AbiType.Parse)], arguments)];
}
