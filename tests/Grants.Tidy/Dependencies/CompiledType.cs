using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Grants.Tidy.Dependencies;

/// <summary>A type of an assembly with all that its declarations and bodies name, nested and generated types included.</summary>
internal sealed record CompiledType(
    string Name, IReadOnlySet<string> Types, IReadOnlySet<string> Members, IReadOnlySet<string> Declared)
{
    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);


    /// <summary>The types of an assembly file, generated ones that stand alone left out.</summary>
    public static IReadOnlyList<CompiledType> Read(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var reader = image.GetMetadataReader();
        var uses = new Dictionary<string, TypeUses>(StringComparer.Ordinal);
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            var name = TypeUses.FullName(reader, type);
            if (name.Contains('<', StringComparison.Ordinal))
                continue;
            if (!uses.TryGetValue(name, out var named))
                uses[name] = named = new TypeUses(reader);
            AddDeclaration(reader, type, named);
            foreach (var method in type.GetMethods())
                AddMethod(image, reader, reader.GetMethodDefinition(method), named);
        }

        return [.. uses.Select(use => new CompiledType(use.Key, use.Value.Types, use.Value.Members, use.Value.Declared))];
    }

    /// <summary>The assemblies that an assembly names.</summary>
    public static IReadOnlyList<string> References(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }

    private static void AddDeclaration(MetadataReader reader, TypeDefinition type, TypeUses uses)
    {
        if (!type.BaseType.IsNil)
            uses.Add(type.BaseType);
        foreach (var implementation in type.GetInterfaceImplementations())
            uses.Add(reader.GetInterfaceImplementation(implementation).Interface);
        uses.IsDeclaring = true;
        foreach (var field in type.GetFields())
            uses.Add(field);
        uses.IsDeclaring = false;
        AddGenerics(reader, type.GetGenericParameters(), uses);
        AddAttributes(reader, type.GetCustomAttributes(), uses);
        foreach (var property in type.GetProperties())
            AddAttributes(reader, reader.GetPropertyDefinition(property).GetCustomAttributes(), uses);
    }

    private static void AddMethod(PEReader image, MetadataReader reader, MethodDefinition method, TypeUses uses)
    {
        uses.IsDeclaring = true;
        method.DecodeSignature(uses, null);
        uses.IsDeclaring = false;
        AddGenerics(reader, method.GetGenericParameters(), uses);
        AddAttributes(reader, method.GetCustomAttributes(), uses);
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        uses.IsDeclaring = true;
        if (!body.LocalSignature.IsNil)
            uses.Add(body.LocalSignature);
        uses.IsDeclaring = false;
        foreach (var region in body.ExceptionRegions.Where(region => !region.CatchType.IsNil))
            uses.Add(region.CatchType);
        AddInstructions(body.GetILReader(), uses);
    }

    private static void AddGenerics(MetadataReader reader, GenericParameterHandleCollection parameters, TypeUses uses)
    {
        foreach (var parameter in parameters)
        {
            foreach (var constraint in reader.GetGenericParameter(parameter).GetConstraints())
                uses.Add(reader.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private static void AddAttributes(MetadataReader reader, CustomAttributeHandleCollection attributes, TypeUses uses)
    {
        foreach (var attribute in attributes)
            uses.Add(reader.GetCustomAttribute(attribute).Constructor);
    }

    private static void AddInstructions(BlobReader code, TypeUses uses)
    {
        while (code.RemainingBytes > 0)
        {
            short instruction = code.ReadByte();
            if (instruction == 0xfe)
                instruction = unchecked((short)(0xfe00 | code.ReadByte()));
            if (instruction == OpCodes.Ldc_R4.Value || instruction == OpCodes.Ldc_R8.Value)
                uses.Declared.Add(typeof(double).FullName!);
            switch (Instructions[instruction].OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += targets * sizeof(int);
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                    or OperandType.InlineSig:
                    uses.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }
}
