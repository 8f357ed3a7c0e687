namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

/// <summary>Through bytes and back.</summary>
internal static class Travel
{
    public static T Through<T>(T value) => Payload.FromBytes(Payload.Of(value).Encode()).Read<T>();

    public static PayloadException Refused(object? value) => Assert.Throws<PayloadException>(() => Payload.Of(value).Encode());
}
