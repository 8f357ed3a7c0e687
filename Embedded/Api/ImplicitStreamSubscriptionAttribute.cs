namespace Orleans;

/// <summary>Every stream of the namespace delivers to the grain of this class whose key is the stream's.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ImplicitStreamSubscriptionAttribute(string streamNamespace) : Attribute
{
    public string Namespace { get; } = streamNamespace;
}
