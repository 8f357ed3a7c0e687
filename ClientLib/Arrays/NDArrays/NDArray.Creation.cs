using System.Numerics;
using Orleans.Dask.Arrays;

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
            return new NDArray<T>(values, Shapes.InMemory(shape) is { Length: > 0 } ? shape : [values.Length]);
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
        /// <exception cref="ShapeException">A negative length, or too many elements.</exception>
        public static NDArray<T> Full<T>(T value, params int[] shape)
            where T : unmanaged
        {
            var result = new NDArray<T>(Shapes.InMemory(shape));
            result.Data.Fill(value);
            return result;
        }

        /// <summary>Zero (false) everywhere.</summary>
        /// <exception cref="ShapeException">A negative length, or too many elements.</exception>
        public static NDArray<T> Zeros<T>(params int[] shape)
            where T : unmanaged => NDArray.Full(default(T), shape);

        /// <summary>One everywhere.</summary>
        /// <exception cref="ShapeException">A negative length, or too many elements.</exception>
        public static NDArray<T> Ones<T>(params int[] shape)
            where T : unmanaged, INumberBase<T> => NDArray.Full(T.One, shape);

        /// <summary>0, 1, …, <paramref name="count"/> - 1.</summary>
        /// <exception cref="ShapeException">A negative count.</exception>
        public static NDArray<T> Range<T>(int count)
            where T : unmanaged, INumberBase<T>
        {
            var result = new NDArray<T>(Shapes.InMemory([count]));
            for (var i = 0; i < count; i++)
            {
                result.Data[i] = T.CreateTruncating(i);
            }

            return result;
        }
    }
}
