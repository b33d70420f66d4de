using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Grants.Tidy.Dependencies;

/// <summary>
/// The types and members that a piece of compiled code names, as full names. Nested and generated types count as the type
/// around them, generic ones as their definition, and an array as its element.
/// </summary>
internal sealed class TypeUses(MetadataReader reader) : ISignatureTypeProvider<string, object?>
{
    public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of <see cref="Types"/> in which fields, parameters, results, locals and constants are.</summary>
    public HashSet<string> Declared { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether what is added is a declaration.</summary>
    public bool IsDeclaring { get; set; }

    public HashSet<string> Members { get; } = new(StringComparer.Ordinal);

    public static string FullName(MetadataReader reader, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        return Join(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public string? Add(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0);
            case HandleKind.TypeReference:
                return GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0);
            case HandleKind.TypeSpecification:
                return reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
            case HandleKind.MethodDefinition:
                return Add(reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
            case HandleKind.FieldDefinition:
                var field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                field.DecodeSignature(this, null);
                return Add(field.GetDeclaringType());
            case HandleKind.MethodSpecification:
                var specification = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(this, null);
                return Add(specification.Method);
            case HandleKind.MemberReference:
                AddMember(reader.GetMemberReference((MemberReferenceHandle)handle));
                return null;
            case HandleKind.StandaloneSignature:
                AddSignature(reader.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                return null;
            default:
                return null;
        }
    }

    private void AddMember(MemberReference member)
    {
        var parent = Add(member.Parent);
        Members.Add($"{parent}.{reader.GetString(member.Name)}");
        if (member.GetKind() == MemberReferenceKind.Method)
            member.DecodeMethodSignature(this, null);
        else
            member.DecodeFieldSignature(this, null);
    }

    private void AddSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
            signature.DecodeLocalSignature(this, null);
        else
            signature.DecodeMethodSignature(this, null);
    }

    public string GetTypeFromDefinition(MetadataReader metadata, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Named(FullName(metadata, metadata.GetTypeDefinition(handle)));

    public string GetTypeFromReference(MetadataReader metadata, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = metadata.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            type = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return Named(Join(metadata.GetString(type.Namespace), metadata.GetString(type.Name)));
    }

    public string GetTypeFromSpecification(MetadataReader metadata, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        metadata.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => Named($"System.{typeCode}");

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    public string GetArrayType(string elementType, ArrayShape shape) => elementType;

    public string GetSZArrayType(string elementType) => elementType;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => signature.ReturnType;

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    private static string Join(string space, string name)
    {
        var plain = name.Split('`')[0];
        return space.Length == 0 ? plain : $"{space}.{plain}";
    }

    private string Named(string type)
    {
        Types.Add(type);
        if (IsDeclaring)
            Declared.Add(type);
        return type;
    }
}
