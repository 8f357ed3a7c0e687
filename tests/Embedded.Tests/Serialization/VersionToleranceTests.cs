using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

/// <summary>One type at two points of its life: members come and go, the others stay readable both ways.</summary>
public class VersionToleranceTests
{
    [Fact]
    public void An_older_reader_skips_members_it_has_never_heard_of_whatever_their_shape()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var written = new NewJob
            {
                Name = "job",
                Added = Generate.Value(new Random(seed), depth: 4),
                AddedNumber = seed,
                AddedAngle = new(1, 2, new Key("k")),
                AddedReal = 1.5,
                AddedSingle = 2.5f,
                AddedTable = new() { [new Key("a")] = [1, 2] },
                AddedMatrix = new double[2, 3],
                AddedPairs = [(1, "a")],
                Priority = 7,
            };
            var read = Wire.As<NewJob, OldJob>(written);
            Assert.Equal(("job", 7), (read.Name, read.Priority));
        }
    }

    [Fact]
    public void A_newer_reader_keeps_the_defaults_of_members_that_are_missing()
    {
        var read = Wire.As<OldJob, NewJob>(new OldJob { Name = "job", Priority = 7 });
        Assert.Equal(("job", 7, 42, null), (read.Name, read.Priority, read.AddedNumber, read.Added));
    }

    [Fact]
    public void An_object_first_met_in_a_skipped_member_is_found_where_it_is_referred_to()
    {
        var shared = new Person { Name = "shared" };
        shared.Partner = new Person { Name = "partner", Partner = shared };
        var read = Wire.As<NewPair, OldPair>(new NewPair { Skipped = [shared, new Point(1, 2, default)], Kept = shared, Again = shared.Partner });
        Assert.Equal("shared", read.Kept!.Name);
        Assert.Same(read.Kept, read.Kept.Partner!.Partner);
        Assert.Same(read.Kept.Partner, read.Again);
    }

    [Fact]
    public void A_type_name_first_met_in_a_skipped_member_is_found_where_it_is_used_again()
    {
        var read = Wire.As<NewShapes, OldShapes>(new NewShapes { Skipped = new Ring("a", 1, 2), Kept = new Ring("b", 3, 4) });
        Assert.Equal(new Ring("b", 3, 4), read.Kept);
    }

    [Fact]
    public void Members_of_base_and_derived_class_number_themselves_and_may_grow_apart()
    {
        var read = Wire.As<NewDerived, OldDerived>(new NewDerived { Base = "b", BaseAdded = [1], Own = 5, OwnAdded = "x" });
        Assert.Equal(("b", 5), (read.Base, read.Own));
        var back = Wire.As<OldDerived, NewDerived>(new OldDerived { Base = "b", Own = 5 });
        Assert.Equal(("b", 5, null, null), (back.Base, back.Own, back.BaseAdded, back.OwnAdded));
    }

    [Fact]
    public void A_class_that_gained_a_base_class_is_still_read()
    {
        Assert.Equal("b", Wire.As<OldDerived, OldBase>(new OldDerived { Base = "b", Own = 5 }).Base);
        Assert.Equal("b", Wire.As<OldBase, OldDerived>(new OldBase { Base = "b" }).Base);
    }

    [Fact]
    public void A_member_that_changed_its_type_is_an_error_that_names_it()
    {
        var error = Assert.Throws<WireException>(() => Wire.As<OldJob, WrongJob>(new OldJob { Name = "job", Priority = 7 }));
        Assert.StartsWith("WrongJob.Priority", error.Message, StringComparison.Ordinal);
        Assert.Contains("new [Id]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_integer_may_become_wider_and_is_refused_where_it_does_not_fit_the_narrower()
    {
        Assert.Equal(7, Wire.As<OldJob, WideJob>(new OldJob { Name = "n", Priority = 7 }).Priority);
        Assert.Equal(-7, Wire.As<WideJob, OldJob>(new WideJob { Priority = -7 }).Priority);
        var error = Assert.Throws<WireException>(() => Wire.As<WideJob, OldJob>(new WideJob { Priority = long.MaxValue }));
        Assert.Contains("OldJob.Priority", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_may_gain_trailing_arguments()
    {
        var (a, b, c) = Wire.As<ValueTuple<int, string>, ValueTuple<int, string, Person?>>((1, "a"));
        Assert.Equal((1, "a", null), (a, b, c));
        Assert.Equal((1, "a"), Wire.As<ValueTuple<int, string, Person?>, ValueTuple<int, string>>((1, "a", new Person())));
    }

    [GenerateSerializer, Alias("test.OldJob")]
    internal sealed class OldJob
    {
        [Id(1)] public string? Name { get; set; }

        [Id(70)] public int Priority { get; set; }
    }

    [GenerateSerializer, Alias("test.NewJob")]
    internal sealed class NewJob
    {
        [Id(0)] public object? Added { get; set; }

        [Id(1)] public string? Name { get; set; }

        [Id(2)] public int AddedNumber { get; set; } = 42;

        [Id(3)] public Point? AddedAngle { get; set; }

        [Id(4)] public double AddedReal { get; set; }

        [Id(5)] public float AddedSingle { get; set; }

        [Id(6)] public Dictionary<Key, int[]>? AddedTable { get; set; }

        [Id(7)] public double[,]? AddedMatrix { get; set; }

        [Id(8)] public List<(int, string)>? AddedPairs { get; set; }

        [Id(70)] public int Priority { get; set; }
    }

    [GenerateSerializer, Alias("test.WrongJob")]
    internal sealed class WrongJob
    {
        [Id(70)] public string? Priority { get; set; }
    }

    [GenerateSerializer, Alias("test.WideJob")]
    internal sealed class WideJob
    {
        [Id(70)] public long Priority { get; set; }
    }

    [GenerateSerializer, Alias("test.NewPair")]
    internal sealed class NewPair
    {
        [Id(0)] public object[]? Skipped { get; set; }

        [Id(1)] public Person? Kept { get; set; }

        [Id(2)] public Person? Again { get; set; }
    }

    [GenerateSerializer, Alias("test.OldPair")]
    internal sealed class OldPair
    {
        [Id(1)] public Person? Kept { get; set; }

        [Id(2)] public Person? Again { get; set; }
    }

    [GenerateSerializer, Alias("test.NewShapes")]
    internal sealed class NewShapes
    {
        [Id(0)] public Shape? Skipped { get; set; }

        [Id(1)] public Shape? Kept { get; set; }
    }

    [GenerateSerializer, Alias("test.OldShapes")]
    internal sealed class OldShapes
    {
        [Id(1)] public Shape? Kept { get; set; }
    }

    [GenerateSerializer, Alias("test.OldBase")]
    internal class OldBase
    {
        [Id(0)] public string? Base { get; set; }
    }

    [GenerateSerializer, Alias("test.OldDerived")]
    internal sealed class OldDerived : OldBase
    {
        [Id(0)] public int Own { get; set; }
    }

    [GenerateSerializer, Alias("test.NewBase")]
    internal class NewBase
    {
        [Id(0)] public string? Base { get; set; }

        [Id(1)] public int[]? BaseAdded { get; set; }
    }

    [GenerateSerializer, Alias("test.NewDerived")]
    internal sealed class NewDerived : NewBase
    {
        [Id(0)] public int Own { get; set; }

        [Id(1)] public string? OwnAdded { get; set; }
    }
}
