using System.Globalization;
using System.Text;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>Taxi rides by a seed, as a CSV file with the columns of the cleaned-up New York records. People tip best at four in the morning.</summary>
internal static class TaxiRides
{
    private static readonly string[] s_zones = ["Lenox Hill West", "Upper West Side South", "Alphabet City", "Hudson Sq", "Midtown East", "Yorkville West", "Astoria", "JFK Airport", "East Harlem North", "Park Slope"];
    private static readonly string[] s_boroughs = ["Manhattan", "Manhattan", "Manhattan", "Manhattan", "Manhattan", "Manhattan", "Queens", "Queens", "Manhattan", "Brooklyn"];

    public static void Write(string path, int rows, int seed, Action<int> report, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        file.Write("pickup,dropoff,passengers,distance,fare,tip,tolls,total,color,payment,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough\n");
        var line = new StringBuilder();
        var begin = new DateTime(2019, 3, 1);
        for (var row = 0; row < rows; row++)
        {
            if (row % 10_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                report(row);
            }

            line.Clear();
            Ride(random, begin, line);
            file.Write(line);
        }

        report(rows);
    }

    private static void Ride(Random random, DateTime begin, StringBuilder line)
    {
        var pickup = begin.AddSeconds(random.Next(31 * 86400));
        var distance = 0.3 + (8 * random.NextDouble() * random.NextDouble());
        var dropoff = pickup.AddSeconds(60 + (int)(distance * 240));
        var fare = Math.Round((2.5 + (2.5 * distance)) * 2) / 2;
        var byCard = random.NextDouble() < 0.7;
        var generosity = 0.20 + (0.05 * Math.Cos((pickup.Hour - 4) * Math.PI / 12)) + (0.04 * (random.NextDouble() - 0.5));
        var tip = byCard ? Math.Round(fare * generosity, 2) : 0;
        var (from, to) = (random.Next(s_zones.Length), random.Next(s_zones.Length));
        var tolls = from == 7 ? 5.76 : 0;
        line.Append(CultureInfo.InvariantCulture, $"{pickup:yyyy-MM-dd HH:mm:ss},{dropoff:yyyy-MM-dd HH:mm:ss},{1 + random.Next(4)},{distance:0.00},{fare:0.0},{tip:0.00},{tolls:0.00},{fare + tip + tolls + 3.3:0.00},");
        line.Append(random.Next(8) == 0 ? "green," : "yellow,").Append(byCard ? "credit card," : random.Next(50) == 0 ? "," : "cash,");
        line.Append(s_zones[from]).Append(',').Append(s_zones[to]).Append(',').Append(s_boroughs[from]).Append(',').Append(s_boroughs[to]).Append('\n');
    }
}
