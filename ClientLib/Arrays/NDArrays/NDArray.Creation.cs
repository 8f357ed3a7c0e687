using System.Numerics;

namespace Orleans.Dask;

/// <summary>Makes arrays in memory.</summary>
public static class NDArrays
{
    extension(NDArray)
    {
        /// <summary>These values in row-major order, in a shape; the array is used, not copied.</summary>
        /// <exception cref="ShapeException">Their number is not that of the shape.</exception>
        public static NDArray<T> From<T>(T[] values, params int[] shape)
            where T : unmanaged
        {
            ArgumentNullException.ThrowIfNull(values);
            ArgumentNullException.ThrowIfNull(shape);
            return new NDArray<T>(values, shape.Length == 0 ? [values.Length] : shape);
        }

        /// <summary>Two axes: rows and columns. Copies.</summary>
        public static NDArray<T> From<T>(T[,] values)
            where T : unmanaged
        {
            ArgumentNullException.ThrowIfNull(values);
            var result = new NDArray<T>([values.GetLength(0), values.GetLength(1)]);
            for (var i = 0; i < values.GetLength(0); i++)
            {
                for (var j = 0; j < values.GetLength(1); j++)
                {
                    result.Data[(i * values.GetLength(1)) + j] = values[i, j];
                }
            }

            return result;
        }

        /// <summary>One value everywhere.</summary>
        public static NDArray<T> Full<T>(T value, params int[] shape)
            where T : unmanaged
        {
            var result = new NDArray<T>(shape);
            result.Data.Fill(value);
            return result;
        }

        /// <summary>Zero (false) everywhere.</summary>
        public static NDArray<T> Zeros<T>(params int[] shape)
            where T : unmanaged => NDArray.Full(default(T), shape);

        /// <summary>One everywhere.</summary>
        public static NDArray<T> Ones<T>(params int[] shape)
            where T : unmanaged, INumberBase<T> => NDArray.Full(T.One, shape);

        /// <summary>0, 1, …, <paramref name="count"/> - 1.</summary>
        public static NDArray<T> Range<T>(int count)
            where T : unmanaged, INumberBase<T>
        {
            var result = new NDArray<T>([count]);
            for (var i = 0; i < count; i++)
            {
                result.Data[i] = T.CreateTruncating(i);
            }

            return result;
        }
    }
}
