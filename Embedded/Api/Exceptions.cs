namespace Orleans.Runtime
{
    /// <summary>Base of the runtime's own errors.</summary>
    [GenerateSerializer, Alias("Orleans.OrleansException")]
    public class OrleansException : Exception
    {
        public OrleansException()
        {
        }

        public OrleansException(string message)
            : base(message)
        {
        }

        public OrleansException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The call was not run: it can be tried again.</summary>
    [GenerateSerializer, Alias("Orleans.OrleansMessageRejectionException")]
    public class OrleansMessageRejectionException : OrleansException
    {
        public OrleansMessageRejectionException()
        {
        }

        public OrleansMessageRejectionException(string message)
            : base(message)
        {
        }

        public OrleansMessageRejectionException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The silo meant is dead, unreachable or not there yet. Whether the call ran is not known.</summary>
    [GenerateSerializer, Alias("Orleans.SiloUnavailableException")]
    public class SiloUnavailableException : OrleansMessageRejectionException
    {
        public SiloUnavailableException()
        {
        }

        public SiloUnavailableException(string message)
            : base(message)
        {
        }

        public SiloUnavailableException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>Options or wiring that cannot work; the message names the setting.</summary>
    [GenerateSerializer, Alias("Orleans.OrleansConfigurationException")]
    public class OrleansConfigurationException : Exception
    {
        public OrleansConfigurationException()
        {
        }

        public OrleansConfigurationException(string message)
            : base(message)
        {
        }

        public OrleansConfigurationException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Runtime.Messaging
{
    /// <summary>No connection, or one that was refused.</summary>
    [GenerateSerializer, Alias("Orleans.ConnectionFailedException")]
    public class ConnectionFailedException : OrleansException
    {
        /// <summary>Nobody was there: trying again may help.</summary>
        internal bool IsTransient { get; init; }

        public ConnectionFailedException()
        {
        }

        public ConnectionFailedException(string message)
            : base(message)
        {
        }

        public ConnectionFailedException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }
}
