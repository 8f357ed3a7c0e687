using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Writes all fields of a value; <paramref name="at"/> tells which one when it throws.</summary>
internal delegate void FieldsWriter<T>(PayloadWriter writer, ref T value, ref int at);

/// <summary>Reads all fields of a value; <paramref name="at"/> tells which one when it throws.</summary>
internal delegate void FieldsReader<T>(ref PayloadReader reader, ref T value, ref int at);

/// <summary>
/// Accessors in IL, made once per type: they see private fields and set read-only ones, as no source could, and cost a few
/// nanoseconds a field where reflection costs a hundred. No constructor, property or method of the type runs.
/// </summary>
internal static class FieldAccess
{
    public static FieldsWriter<T> MakeWriter<T>(FieldPlan plan)
    {
        var method = new DynamicMethod("WriteFields", typeof(void), [typeof(PayloadWriter), typeof(T).MakeByRefType(), typeof(int).MakeByRefType()], typeof(T), skipVisibility: true);
        var il = method.GetILGenerator();
        foreach (var subscribers in plan.Events)
        {
            LoadValue<T>(il, OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, subscribers);
            il.Emit(OpCodes.Ldstr, subscribers.Name);
            il.Emit(OpCodes.Call, typeof(FieldAccess).GetMethod(nameof(RefuseSubscribers), BindingFlags.Static | BindingFlags.NonPublic)!);
        }

        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            SetAt(il, i);
            il.Emit(OpCodes.Ldarg_0);
            LoadValue<T>(il, OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Call, typeof(Slot<>).MakeGenericType(field.FieldType).GetMethod(nameof(Slot<int>.Write))!);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsWriter<T>>();
    }

    public static FieldsReader<T> MakeReader<T>(FieldPlan plan)
    {
        var method = new DynamicMethod("ReadFields", typeof(void), [typeof(PayloadReader).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int).MakeByRefType()], typeof(T), skipVisibility: true);
        var il = method.GetILGenerator();
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            SetAt(il, i);
            LoadValue<T>(il, OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, typeof(Slot<>).MakeGenericType(field.FieldType).GetMethod(nameof(Slot<int>.Read))!);
            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsReader<T>>();
    }

    internal static void RefuseSubscribers(Delegate? subscribers, string name)
    {
        if (subscribers is not null)
        {
            throw new PayloadException($"the event '{name}' has subscribers, and they can't travel: they would hear nothing, and drag their whole world along. "
                + "Unsubscribe before sending, or mark the event's field with [field: PayloadIgnore].");
        }
    }

    private static void SetAt(ILGenerator il, int i)
    {
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, i);
        il.Emit(OpCodes.Stind_I4);
    }

    private static void LoadValue<T>(ILGenerator il, OpCode loadArgument)
    {
        il.Emit(loadArgument);
        if (!typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }
}
