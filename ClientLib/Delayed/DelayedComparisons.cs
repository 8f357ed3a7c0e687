using System.Numerics;

namespace Orleans.Dask;

/// <summary>Comparisons and remainders of delayed numbers, as pure delayed calls.</summary>
public static class DelayedComparisons
{
    extension<T>(Delayed<T>)
        where T : INumber<T>
    {
        /// <summary>left % right, later.</summary>
        public static Delayed<T> operator %(Delayed<T> left, Delayed<T> right) => Delayed.Call(Modulo, left, right, pure: true);

        /// <summary>left % right, later.</summary>
        public static Delayed<T> operator %(Delayed<T> left, T right) => Delayed.Call(Modulo, left, right, pure: true);

        /// <summary>left % right, later.</summary>
        public static Delayed<T> operator %(T left, Delayed<T> right) => Delayed.Call(Modulo, left, right, pure: true);

        /// <summary>left &lt; right, later.</summary>
        public static Delayed<bool> operator <(Delayed<T> left, Delayed<T> right) => Delayed.Call(IsLess, left, right, pure: true);

        /// <summary>left &lt; right, later.</summary>
        public static Delayed<bool> operator <(Delayed<T> left, T right) => Delayed.Call(IsLess, left, right, pure: true);

        /// <summary>left &lt; right, later.</summary>
        public static Delayed<bool> operator <(T left, Delayed<T> right) => Delayed.Call(IsLess, left, right, pure: true);

        /// <summary>left &gt; right, later.</summary>
        public static Delayed<bool> operator >(Delayed<T> left, Delayed<T> right) => Delayed.Call(IsGreater, left, right, pure: true);

        /// <summary>left &gt; right, later.</summary>
        public static Delayed<bool> operator >(Delayed<T> left, T right) => Delayed.Call(IsGreater, left, right, pure: true);

        /// <summary>left &gt; right, later.</summary>
        public static Delayed<bool> operator >(T left, Delayed<T> right) => Delayed.Call(IsGreater, left, right, pure: true);

        /// <summary>left &lt;= right, later.</summary>
        public static Delayed<bool> operator <=(Delayed<T> left, Delayed<T> right) => Delayed.Call(IsAtMost, left, right, pure: true);

        /// <summary>left &lt;= right, later.</summary>
        public static Delayed<bool> operator <=(Delayed<T> left, T right) => Delayed.Call(IsAtMost, left, right, pure: true);

        /// <summary>left &lt;= right, later.</summary>
        public static Delayed<bool> operator <=(T left, Delayed<T> right) => Delayed.Call(IsAtMost, left, right, pure: true);

        /// <summary>left &gt;= right, later.</summary>
        public static Delayed<bool> operator >=(Delayed<T> left, Delayed<T> right) => Delayed.Call(IsAtLeast, left, right, pure: true);

        /// <summary>left &gt;= right, later.</summary>
        public static Delayed<bool> operator >=(Delayed<T> left, T right) => Delayed.Call(IsAtLeast, left, right, pure: true);

        /// <summary>left &gt;= right, later.</summary>
        public static Delayed<bool> operator >=(T left, Delayed<T> right) => Delayed.Call(IsAtLeast, left, right, pure: true);
    }

    private static T Modulo<T>(T left, T right)
        where T : INumber<T> => left % right;

    private static bool IsLess<T>(T left, T right)
        where T : INumber<T> => left < right;

    private static bool IsGreater<T>(T left, T right)
        where T : INumber<T> => left > right;

    private static bool IsAtMost<T>(T left, T right)
        where T : INumber<T> => left <= right;

    private static bool IsAtLeast<T>(T left, T right)
        where T : INumber<T> => left >= right;
}
