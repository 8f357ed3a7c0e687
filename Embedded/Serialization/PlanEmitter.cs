using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Embedded.Serialization;

internal delegate void MembersWriter<T>(ref WireWriter writer, ref T value, ref int member);

internal delegate void MembersReader<T>(ref WireReader reader, ref T value, ref int member);

internal delegate void MembersCopier<T>(CopyContext context, ref T source, ref T target, ref int member);

/// <summary>
/// Compiles a <see cref="TypePlan"/> into three methods, once per type. Each notes in <c>member</c> which member it is at (its
/// place in <see cref="TypePlan.Members"/>), so that an error can name it.
/// </summary>
internal static class PlanEmitter
{
    // A switch over ids may have a few holes; beyond this a chain of comparisons is smaller.
    private const int DenseIds = 64;

    private static readonly MethodInfo _write = Helper(nameof(WireMember.Write));
    private static readonly MethodInfo _writeUnlessDefault = Helper(nameof(WireMember.WriteUnlessDefault));
    private static readonly MethodInfo _read = Helper(nameof(WireMember.Read));
    private static readonly MethodInfo _copy = Helper(nameof(WireMember.Copy));
    private static readonly MethodInfo _writeEnd = typeof(WireWriter).GetMethod(nameof(WireWriter.WriteEnd))!;
    private static readonly MethodInfo _writeEndOfBase = typeof(WireWriter).GetMethod(nameof(WireWriter.WriteEndOfBase))!;
    private static readonly MethodInfo _readHeader = typeof(WireReader).GetMethod(nameof(WireReader.ReadMemberHeader))!;
    private static readonly MethodInfo _skip = typeof(WireReader).GetMethod(nameof(WireReader.Skip))!;
    private static readonly MethodInfo _skipToEnd = typeof(WireReader).GetMethod(nameof(WireReader.SkipToEnd))!;

    public static MembersWriter<T> EmitWriter<T>(TypePlan plan)
    {
        var method = Method(plan, "Write", typeof(WireWriter).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int).MakeByRefType());
        var il = method.GetILGenerator();
        WriteLevels(il, plan, () => Owner(il, plan.Type, 1), writer: 0, member: 2);
        return method.CreateDelegate<MembersWriter<T>>();
    }

    public static MembersReader<T> EmitReader<T>(TypePlan plan)
    {
        var method = Method(plan, "Read", typeof(WireReader).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int).MakeByRefType());
        var il = method.GetILGenerator();
        ReadLevels(il, plan, () => Owner(il, plan.Type, 1), reader: 0, member: 2);
        return method.CreateDelegate<MembersReader<T>>();
    }

    public static MembersCopier<T> EmitCopier<T>(TypePlan plan)
    {
        var method = Method(plan, "Copy", typeof(CopyContext), typeof(T).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int).MakeByRefType());
        var il = method.GetILGenerator();
        CopyMembers(il, plan, () => Owner(il, plan.Type, 1), () => Owner(il, plan.Type, 2), context: 0, member: 3);
        return method.CreateDelegate<MembersCopier<T>>();
    }

    /// <summary>Writes all members and the end of the group.</summary>
    /// <param name="owner">Loads the object, or the address of the struct, that holds the members.</param>
    /// <param name="writer">Number of the argument that is the writer.</param>
    /// <param name="member">Number of the argument that notes the member.</param>
    public static void WriteLevels(ILGenerator il, TypePlan plan, Action owner, int writer, int member)
    {
        var place = 0;
        for (var level = 0; level < plan.Levels.Count; level++)
        {
            if (level > 0)
            {
                il.Emit(OpCodes.Ldarg, (short)writer);
                il.Emit(OpCodes.Call, _writeEndOfBase);
            }

            foreach (var item in plan.Levels[level])
            {
                // A constructor may set what the writer's object has cleared since, and a computed property of a blank object may be anything.
                var write = plan.Constructor is null && item.Field is not null ? _writeUnlessDefault : _write;
                Note(il, member, place++);
                il.Emit(OpCodes.Ldarg, (short)writer);
                il.Emit(OpCodes.Ldc_I4, unchecked((int)item.Id));
                owner();
                Load(il, item);
                il.Emit(OpCodes.Call, write.MakeGenericMethod(item.Type));
            }
        }

        il.Emit(OpCodes.Ldarg, (short)writer);
        il.Emit(OpCodes.Call, _writeEnd);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Reads members until the end of the group; ids it does not know are skipped.</summary>
    public static void ReadLevels(ILGenerator il, TypePlan plan, Action owner, int reader, int member)
    {
        var id = il.DeclareLocal(typeof(uint));
        var kind = il.DeclareLocal(typeof(WireKind));
        var done = il.DefineLabel();
        var place = 0;
        var levels = plan.Levels.Count == 0 ? [[]] : plan.Levels;
        for (var level = 0; level < levels.Count; level++)
        {
            var next = il.DefineLabel();
            var atEnd = il.DefineLabel();
            il.MarkLabel(next);
            il.Emit(OpCodes.Ldarg, (short)reader);
            il.Emit(OpCodes.Ldloca, kind);
            il.Emit(OpCodes.Call, _readHeader);
            il.Emit(OpCodes.Stloc, id);
            il.Emit(OpCodes.Ldloc, kind);
            il.Emit(OpCodes.Ldc_I4, (int)WireKind.End);
            il.Emit(OpCodes.Beq, atEnd);

            place = ReadLevel(il, levels[level], owner, reader, member, place, id, kind, next);

            il.MarkLabel(atEnd);
            il.Emit(OpCodes.Ldloc, id);
            il.Emit(OpCodes.Brfalse, done);
            if (level == levels.Count - 1)
            {
                // The peer's type has more levels than ours: what is in them belongs to classes we do not have.
                il.Emit(OpCodes.Ldarg, (short)reader);
                il.Emit(OpCodes.Call, _skipToEnd);
            }

        }

        il.MarkLabel(done);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Copies all members from one object to another.</summary>
    public static void CopyMembers(ILGenerator il, TypePlan plan, Action source, Action target, int context, int member)
    {
        var place = 0;
        foreach (var item in plan.Members)
        {
            Note(il, member, place++);
            target();
            source();
            Load(il, item);
            if (!item.IsImmutable && !WireCodecs.For(item.Type).SharesCopies)
            {
                il.Emit(OpCodes.Ldarg, (short)context);
                il.Emit(OpCodes.Call, _copy.MakeGenericMethod(item.Type));
            }

            Store(il, item);
        }

        il.Emit(OpCodes.Ret);
    }

    private static int ReadLevel(
        ILGenerator il,
        IReadOnlyList<PlanMember> members,
        Action owner,
        int reader,
        int member,
        int place,
        LocalBuilder id,
        LocalBuilder kind,
        Label next)
    {
        var unknown = il.DefineLabel();
        var cases = members.Select(_ => il.DefineLabel()).ToArray();
        var largest = members.Count == 0 ? 0 : members[^1].Id;
        if (members.Count > 2 && largest < DenseIds)
        {
            var table = Enumerable.Repeat(unknown, (int)largest + 1).ToArray();
            for (var i = 0; i < members.Count; i++)
            {
                table[members[i].Id] = cases[i];
            }

            il.Emit(OpCodes.Ldloc, id);
            il.Emit(OpCodes.Switch, table);
        }
        else
        {
            for (var i = 0; i < members.Count; i++)
            {
                il.Emit(OpCodes.Ldloc, id);
                il.Emit(OpCodes.Ldc_I4, unchecked((int)members[i].Id));
                il.Emit(OpCodes.Beq, cases[i]);
            }
        }

        il.MarkLabel(unknown);
        il.Emit(OpCodes.Ldarg, (short)reader);
        il.Emit(OpCodes.Ldloc, kind);
        il.Emit(OpCodes.Call, _skip);
        il.Emit(OpCodes.Br, next);

        for (var i = 0; i < members.Count; i++)
        {
            il.MarkLabel(cases[i]);
            Note(il, member, place++);
            owner();
            il.Emit(OpCodes.Ldarg, (short)reader);
            il.Emit(OpCodes.Ldloc, kind);
            il.Emit(OpCodes.Call, _read.MakeGenericMethod(members[i].Type));
            Store(il, members[i]);
            il.Emit(OpCodes.Br, next);
        }

        return place;
    }

    private static void Note(ILGenerator il, int member, int place)
    {
        il.Emit(OpCodes.Ldarg, (short)member);
        il.Emit(OpCodes.Ldc_I4, place);
        il.Emit(OpCodes.Stind_I4);
    }

    private static void Owner(ILGenerator il, Type type, int argument)
    {
        il.Emit(OpCodes.Ldarg, (short)argument);
        if (!type.IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }

    private static void Load(ILGenerator il, PlanMember member)
    {
        if (member.Field is not null)
        {
            il.Emit(OpCodes.Ldfld, member.Field);
        }
        else
        {
            il.Emit(OpCodes.Call, member.Property!.GetMethod!);
        }
    }

    private static void Store(ILGenerator il, PlanMember member)
    {
        if (member.Field is not null)
        {
            il.Emit(OpCodes.Stfld, member.Field);
        }
        else
        {
            il.Emit(OpCodes.Call, member.Property!.SetMethod!);
        }
    }

    private static DynamicMethod Method(TypePlan plan, string verb, params Type[] parameters) =>
        new($"{verb} {plan.Type.ShortName()}", typeof(void), parameters, typeof(PlanEmitter).Module, skipVisibility: true);

    private static MethodInfo Helper(string name) =>
        typeof(WireMember).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;
}
