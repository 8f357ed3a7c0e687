using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Fourier transforms; the transformed axes come into one chunk.</summary>
public static class DaskArrayFourier
{
    /// <param name="array">The signal.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Discrete Fourier transform, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<Complex> Fft(int? n = null, int axis = -1) => new(FourierLayers.Along("fft", array.Recipe, n, axis));

        /// <summary>Inverse transform, divided by n, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<Complex> Ifft(int? n = null, int axis = -1) => new(FourierLayers.Along("ifft", array.Recipe, n, axis));

        /// <summary>Transform of real values: the non-negative frequencies, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<Complex> Rfft(int? n = null, int axis = -1) => new(FourierLayers.Along("rfft", array.Recipe, n, axis));

        /// <summary>Real values from their non-negative frequencies, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<double> Irfft(int? n = null, int axis = -1) => new(FourierLayers.Along("irfft", array.Recipe, n, axis));

        /// <summary>Transform of a signal that is its own mirrored conjugate: real, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<double> Hfft(int? n = null, int axis = -1) => new(FourierLayers.Along("hfft", array.Recipe, n, axis));

        /// <summary>Inverse of Hfft, along an axis of length n (cut or padded with zeros).</summary>
        public DaskArray<Complex> Ihfft(int? n = null, int axis = -1) => new(FourierLayers.Along("ihfft", array.Recipe, n, axis));

        /// <summary>Discrete Fourier transform, along two axes, the last two without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Fft2(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("fft", array.Recipe, s, axes, pairOnly: true));

        /// <summary>Discrete Fourier transform, along several axes, all without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Fftn(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("fft", array.Recipe, s, axes, pairOnly: false));

        /// <summary>Inverse transform, divided by n, along two axes, the last two without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Ifft2(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("ifft", array.Recipe, s, axes, pairOnly: true));

        /// <summary>Inverse transform, divided by n, along several axes, all without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Ifftn(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("ifft", array.Recipe, s, axes, pairOnly: false));

        /// <summary>Transform of real values: the non-negative frequencies, along two axes, the last two without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Rfft2(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("rfft", array.Recipe, s, axes, pairOnly: true));

        /// <summary>Transform of real values: the non-negative frequencies, along several axes, all without <paramref name="axes"/>.</summary>
        public DaskArray<Complex> Rfftn(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("rfft", array.Recipe, s, axes, pairOnly: false));

        /// <summary>Real values from their non-negative frequencies, along two axes, the last two without <paramref name="axes"/>.</summary>
        public DaskArray<double> Irfft2(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("irfft", array.Recipe, s, axes, pairOnly: true));

        /// <summary>Real values from their non-negative frequencies, along several axes, all without <paramref name="axes"/>.</summary>
        public DaskArray<double> Irfftn(int[]? s = null, int[]? axes = null) => new(FourierLayers.Over("irfft", array.Recipe, s, axes, pairOnly: false));

        /// <summary>Zero frequency in the middle: rolled forward by half the length.</summary>
        public DaskArray<T> Fftshift(Axes axes = default)
        {
            var over = axes.Resolve(array.Rank);
            return array.Roll(Array.ConvertAll(over, a => (int)(array.Shape[a] / 2)), over);
        }

        /// <summary>Back from Fftshift.</summary>
        public DaskArray<T> Ifftshift(Axes axes = default)
        {
            var over = axes.Resolve(array.Rank);
            return array.Roll(Array.ConvertAll(over, a => (int)-(array.Shape[a] / 2)), over);
        }
    }

    extension(DaskArray)
    {
        /// <summary>Frequencies of the transform of n samples at distance d.</summary>
        public static DaskArray<double> Fftfreq(long n, double d = 1, ChunkSpec chunks = default) =>
            DaskArray.Arange(n, chunks).Map(i => (i <= (n - 1) / 2 ? i : i - n) / (n * d));

        /// <summary>The non-negative frequencies of the transform of n samples at distance d.</summary>
        public static DaskArray<double> Rfftfreq(long n, double d = 1, ChunkSpec chunks = default) =>
            DaskArray.Arange((n / 2) + 1, chunks).Map(i => i / (n * d));
    }
}
