using Orleans.Dask.Silo.Commands;

namespace Orleans.Dask.Silo.Tests;

public sealed class SecretFileTests : IDisposable
{
    private readonly FileInfo _file = new(Path.GetTempFileName());

    public void Dispose() => _file.Delete();

    [Fact]
    public void A_file_of_its_owner_is_read()
    {
        Write("00112233445566778899aabbccddeeff\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("00112233445566778899aabbccddeeff", SecretFile.Read(_file));
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Write("00112233445566778899aabbccddeeff", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => SecretFile.Read(_file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0011")]
    [InlineData("this is not a secret, it is a sentence")]
    public void Anything_but_hex_is_refused(string text)
    {
        Write(text, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("hex digits", Assert.Throws<InvalidDataException>(() => SecretFile.Read(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var missing = new FileInfo(_file.FullName + ".not");
        Assert.Contains(missing.FullName, Assert.Throws<InvalidDataException>(() => SecretFile.Read(missing)).Message, StringComparison.Ordinal);
    }

    private void Write(string text, UnixFileMode mode)
    {
        File.WriteAllText(_file.FullName, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file.FullName, mode);
        }

        _file.Refresh();
    }
}
