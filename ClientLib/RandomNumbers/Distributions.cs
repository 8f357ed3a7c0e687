namespace Orleans.Dask.RandomNumbers;

/// <summary>Distributions beyond uniform and normal, each a function of one element's numbers. Parameters are checked where arrays are made.</summary>
internal static class Distributions
{
    public static double Exponential(ref ElementRandom random, double scale) => -scale * Math.Log(random.NextPositive());

    public static double Laplace(ref ElementRandom random, double location, double scale)
    {
        var u = random.NextDouble() - 0.5;
        return location - (scale * Math.Sign(u) * Math.Log(1 - (2 * Math.Abs(u))));
    }

    public static double Logistic(ref ElementRandom random, double location, double scale)
    {
        var u = random.NextPositive();
        return u < 1 ? location + (scale * Math.Log(u / (1 - u))) : location + (scale * 36.7);
    }

    public static double Gumbel(ref ElementRandom random, double location, double scale) =>
        location - (scale * Math.Log(-Math.Log(random.NextPositive()) + double.Epsilon));

    public static double Weibull(ref ElementRandom random, double shape) => Math.Pow(-Math.Log(random.NextPositive()), 1 / shape);

    public static double Pareto(ref ElementRandom random, double shape) => Math.Pow(random.NextPositive(), -1 / shape) - 1;

    public static double Rayleigh(ref ElementRandom random, double scale) => scale * Math.Sqrt(-2 * Math.Log(random.NextPositive()));

    public static double Triangular(ref ElementRandom random, double left, double mode, double right)
    {
        var u = random.NextDouble();
        var fold = (mode - left) / (right - left);
        return u < fold ? left + Math.Sqrt(u * (right - left) * (mode - left))
            : right - Math.Sqrt((1 - u) * (right - left) * (right - mode));
    }

    /// <summary>Gamma by Marsaglia and Tsang (2000); shapes below one are lifted by one and brought back by a power.</summary>
    public static double Gamma(ref ElementRandom random, double shape, double scale)
    {
        if (shape < 1)
        {
            return shape == 0 ? 0 : Gamma(ref random, shape + 1, scale) * Math.Pow(random.NextPositive(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            if (Math.Log(random.NextPositive()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return d * v * scale;
            }
        }
    }

    public static double ChiSquare(ref ElementRandom random, double degrees) => Gamma(ref random, degrees / 2, 2);

    public static double StudentT(ref ElementRandom random, double degrees) =>
        random.NextNormal() / Math.Sqrt(ChiSquare(ref random, degrees) / degrees);

    public static double F(ref ElementRandom random, double numerator, double denominator) =>
        ChiSquare(ref random, numerator) / numerator / (ChiSquare(ref random, denominator) / denominator);

    public static double Beta(ref ElementRandom random, double a, double b)
    {
        var x = Gamma(ref random, a, 1);
        var y = Gamma(ref random, b, 1);
        return x / (x + y);
    }

    /// <summary>By Michael, Schucany and Haas (1976): one of the two roots of a quadratic, chosen by its probability.</summary>
    public static double Wald(ref ElementRandom random, double mean, double scale)
    {
        var y = random.NextNormal();
        y *= y * mean;
        var x = mean + (mean / (2 * scale) * (y - Math.Sqrt((4 * scale * y) + (y * y))));
        return random.NextDouble() <= mean / (mean + x) ? x : mean * mean / x;
    }

    /// <summary>By rejection from a wrapped Cauchy distribution (Best and Fisher 1979); in -pi to pi.</summary>
    public static double VonMises(ref ElementRandom random, double mu, double kappa)
    {
        if (kappa < 1e-8)
        {
            return Math.PI * ((2 * random.NextDouble()) - 1);
        }

        var tau = 1 + Math.Sqrt(1 + (4 * kappa * kappa));
        var rho = (tau - Math.Sqrt(2 * tau)) / (2 * kappa);
        var r = (1 + (rho * rho)) / (2 * rho);
        while (true)
        {
            var z = Math.Cos(Math.PI * random.NextDouble());
            var f = (1 + (r * z)) / (r + z);
            var c = kappa * (r - f);
            var u = random.NextPositive();
            if ((c * (2 - c)) - u > 0 || Math.Log(c / u) + 1 - c >= 0)
            {
                var angle = mu + (random.NextDouble() < 0.5 ? -Math.Acos(Math.Clamp(f, -1, 1)) : Math.Acos(Math.Clamp(f, -1, 1)));
                return Math.IEEERemainder(angle, 2 * Math.PI);
            }
        }
    }

    /// <summary>Tries until the first success, by inversion.</summary>
    public static long Geometric(ref ElementRandom random, double p) =>
        p >= 1 ? 1 : (long)Math.Ceiling(Math.Log(random.NextPositive()) / Math.Log(1 - p)) is var tries && tries < 1 ? 1 : tries;

    /// <summary>Poisson: products of uniforms for small means, transformed rejection (Hörmann 1993, PTRS) from ten on.</summary>
    public static long Poisson(ref ElementRandom random, double mean)
    {
        if (mean < 10)
        {
            var limit = Math.Exp(-mean);
            var product = random.NextPositive();
            var count = 0L;
            while (product > limit)
            {
                product *= random.NextPositive();
                count++;
            }

            return count;
        }

        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        var fast = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = random.NextDouble() - 0.5;
            var v = random.NextPositive();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= fast)
            {
                return (long)k;
            }

            if (k >= 0 && (us >= 0.013 || v <= us)
                && Math.Log(v * inverseAlpha / ((a / (us * us)) + b)) <= (k * Math.Log(mean)) - mean - LogFactorial(k))
            {
                return (long)k;
            }
        }
    }

    /// <summary>Binomial: inversion for small means, transformed rejection (Hörmann 1993, BTRS) from ten on.</summary>
    public static long Binomial(ref ElementRandom random, long trials, double p)
    {
        if (p > 0.5)
        {
            return trials - Binomial(ref random, trials, 1 - p);
        }

        return trials * p < 10 ? BinomialByInversion(ref random, trials, p) : BinomialByRejection(ref random, trials, p);
    }

    private static long BinomialByInversion(ref ElementRandom random, long trials, double p)
    {
        if (p <= 0 || trials == 0)
        {
            return 0;
        }

        var odds = p / (1 - p);
        var probability = Math.Pow(1 - p, trials);
        var u = random.NextDouble();
        for (var k = 0L; ; k++)
        {
            if (u < probability || k == trials)
            {
                return k;
            }

            u -= probability;
            probability *= odds * (trials - k) / (k + 1);
        }
    }

    private static long BinomialByRejection(ref ElementRandom random, long trials, double p)
    {
        var spread = Math.Sqrt(trials * p * (1 - p));
        var b = 1.15 + (2.53 * spread);
        var a = -0.0873 + (0.0248 * b) + (0.01 * p);
        var c = (trials * p) + 0.5;
        var fast = 0.92 - (4.2 / b);
        var alpha = (2.83 + (5.1 / b)) * spread;
        var odds = Math.Log(p / (1 - p));
        var mode = Math.Floor((trials + 1) * p);
        var atMode = LogFactorial(mode) + LogFactorial(trials - mode);
        while (true)
        {
            var u = random.NextDouble() - 0.5;
            var v = random.NextPositive();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + b) * u) + c);
            if (k < 0 || k > trials)
            {
                continue;
            }

            if ((us >= 0.07 && v <= fast)
                || Math.Log(v * alpha / ((a / (us * us)) + b)) <= atMode - LogFactorial(k) - LogFactorial(trials - k) + ((k - mode) * odds))
            {
                return (long)k;
            }
        }
    }

    private static double LogFactorial(double k) => MathNet.Numerics.SpecialFunctions.GammaLn(k + 1);
}
