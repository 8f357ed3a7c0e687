namespace Orleans;

/// <summary>Anything that can be called by reference: grains and observers.</summary>
public interface IAddressable;

/// <summary>A virtual actor: it always exists, and is activated somewhere when it is called.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is text.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is a <see cref="Guid"/>.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A grain whose key is a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>An object of a client that grains may call back. Delivery is never promised.</summary>
public interface IGrainObserver : IAddressable;
