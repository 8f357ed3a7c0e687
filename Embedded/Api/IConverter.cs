namespace Orleans.Serialization;

/// <summary>Sends a <typeparamref name="TValue"/> as a <typeparamref name="TSurrogate"/>, a type that is serialisable.</summary>
public interface IConverter<TValue, TSurrogate>
    where TSurrogate : struct
{
    TValue ConvertFromSurrogate(in TSurrogate surrogate);

    TSurrogate ConvertToSurrogate(in TValue value);
}
