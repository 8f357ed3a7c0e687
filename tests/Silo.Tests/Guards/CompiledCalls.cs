using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Orleans.Dask.Silo.Tests.Guards;

/// <summary>One call in compiled code.</summary>
/// <param name="Caller">Who calls, as <c>Type.Method</c>; what the compiler made of lambdas and async methods counts for the type they stand in.</param>
/// <param name="Callee">What is called, as <c>Namespace.Type.Method</c>.</param>
/// <param name="Parameters">Full names of its parameters' types.</param>
/// <param name="LastConstant">The number loaded just before, if one was.</param>
internal sealed record CompiledCall(string Caller, string Callee, ImmutableArray<string> Parameters, int? LastConstant);

/// <summary>Reads calls, constructions and method references out of an assembly's IL.</summary>
internal static class CompiledCalls
{
    private static readonly Dictionary<ushort, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value);

    public static List<CompiledCall> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var calls = new List<CompiledCall>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress != 0)
            {
                var caller = $"{Outermost(metadata, method.GetDeclaringType())}.{metadata.GetString(method.Name)}";
                Read(metadata, file.GetMethodBody(method.RelativeVirtualAddress).GetILReader(), caller, calls);
            }
        }

        return calls;
    }

    private static void Read(MetadataReader metadata, BlobReader il, string caller, List<CompiledCall> calls)
    {
        int? constant = null;
        while (il.RemainingBytes > 0)
        {
            ushort value = il.ReadByte();
            if (value == 0xFE)
            {
                value = (ushort)(0xFE00 | il.ReadByte());
            }

            var code = s_codes[value];
            var before = constant;
            constant = value is >= 0x16 and <= 0x1E ? value - 0x16 : null;
            switch (code.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineTok:
                    if (Called(metadata, MetadataTokens.EntityHandle(il.ReadInt32())) is { } called)
                    {
                        calls.Add(new CompiledCall(caller, called.Name, called.Parameters, before));
                    }

                    break;
                case OperandType.InlineSwitch:
                    var targets = il.ReadInt32();
                    il.Offset += targets * 4;
                    break;
                default:
                    il.Offset += code.OperandType switch
                    {
                        OperandType.InlineNone => 0,
                        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                        OperandType.InlineVar => 2,
                        OperandType.InlineI8 or OperandType.InlineR => 8,
                        _ => 4,
                    };
                    break;
            }
        }
    }

    private static (string Name, ImmutableArray<string> Parameters)? Called(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        if (handle.Kind != HandleKind.MemberReference)
        {
            // Of this assembly itself: its own body is read too.
            return null;
        }

        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        if (member.GetKind() != MemberReferenceKind.Method)
        {
            return null;
        }

        var type = member.Parent.Kind switch
        {
            HandleKind.TypeReference => TypeNames.Instance.GetTypeFromReference(metadata, (TypeReferenceHandle)member.Parent, 0),
            HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(TypeNames.Instance, null),
            _ => "",
        };
        return ($"{type}.{metadata.GetString(member.Name)}", member.DecodeMethodSignature(TypeNames.Instance, null).ParameterTypes);
    }

    private static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.IsNested ? Outermost(metadata, type.GetDeclaringType()) : metadata.GetString(type.Name);
    }

    /// <summary>Full names; of generic types without their arguments.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static TypeNames Instance { get; } = new();

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            var name = reader.GetString(type.Name);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{name}"
                : type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "method*";

        public string GetGenericMethodParameter(object? context, int index) => "!!" + index;

        public string GetGenericTypeParameter(object? context, int index) => "!" + index;
    }
}
