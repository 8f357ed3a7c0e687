using System.Numerics;

namespace Orleans.Dask;

/// <summary>Arithmetic on delayed numbers: each operator is a pure delayed call, so equal ones are one task.</summary>
public static class DelayedOperators
{
    extension<T>(Delayed<T>)
        where T : INumberBase<T>
    {
        /// <summary>left + right, later.</summary>
        public static Delayed<T> operator +(Delayed<T> left, Delayed<T> right) => Delayed.Call(Add, left, right, pure: true);

        /// <summary>left + right, later.</summary>
        public static Delayed<T> operator +(Delayed<T> left, T right) => Delayed.Call(Add, left, right, pure: true);

        /// <summary>left + right, later.</summary>
        public static Delayed<T> operator +(T left, Delayed<T> right) => Delayed.Call(Add, left, right, pure: true);

        /// <summary>left - right, later.</summary>
        public static Delayed<T> operator -(Delayed<T> left, Delayed<T> right) => Delayed.Call(Subtract, left, right, pure: true);

        /// <summary>left - right, later.</summary>
        public static Delayed<T> operator -(Delayed<T> left, T right) => Delayed.Call(Subtract, left, right, pure: true);

        /// <summary>left - right, later.</summary>
        public static Delayed<T> operator -(T left, Delayed<T> right) => Delayed.Call(Subtract, left, right, pure: true);

        /// <summary>left * right, later.</summary>
        public static Delayed<T> operator *(Delayed<T> left, Delayed<T> right) => Delayed.Call(Multiply, left, right, pure: true);

        /// <summary>left * right, later.</summary>
        public static Delayed<T> operator *(Delayed<T> left, T right) => Delayed.Call(Multiply, left, right, pure: true);

        /// <summary>left * right, later.</summary>
        public static Delayed<T> operator *(T left, Delayed<T> right) => Delayed.Call(Multiply, left, right, pure: true);

        /// <summary>left / right, later.</summary>
        public static Delayed<T> operator /(Delayed<T> left, Delayed<T> right) => Delayed.Call(Divide, left, right, pure: true);

        /// <summary>left / right, later.</summary>
        public static Delayed<T> operator /(Delayed<T> left, T right) => Delayed.Call(Divide, left, right, pure: true);

        /// <summary>left / right, later.</summary>
        public static Delayed<T> operator /(T left, Delayed<T> right) => Delayed.Call(Divide, left, right, pure: true);

        /// <summary>The negative, later.</summary>
        public static Delayed<T> operator -(Delayed<T> value) => Delayed.Call(Negate, value, pure: true);
    }

    private static T Add<T>(T left, T right)
        where T : INumberBase<T> => left + right;

    private static T Subtract<T>(T left, T right)
        where T : INumberBase<T> => left - right;

    private static T Multiply<T>(T left, T right)
        where T : INumberBase<T> => left * right;

    private static T Divide<T>(T left, T right)
        where T : INumberBase<T> => left / right;

    private static T Negate<T>(T value)
        where T : INumberBase<T> => -value;
}
