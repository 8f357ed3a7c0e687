using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>The calls, by their own names.</summary>
internal static unsafe partial class Hdf5
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long H5Fopen(string name, uint flags, long access);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long H5Fcreate(string name, uint flags, long create, long access);

    [LibraryImport(Library)]
    public static partial int H5Fclose(long file);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long H5Dopen2(long file, string name, long access);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long H5Dcreate2(long file, string name, long type, long space, long links, long create, long access);

    [LibraryImport(Library)]
    public static partial int H5Dclose(long dataset);

    [LibraryImport(Library)]
    public static partial long H5Dget_space(long dataset);

    [LibraryImport(Library)]
    public static partial long H5Dget_type(long dataset);

    [LibraryImport(Library)]
    public static partial long H5Dget_create_plist(long dataset);

    [LibraryImport(Library)]
    public static partial ulong H5Dget_offset(long dataset);

    [LibraryImport(Library)]
    public static partial ulong H5Dget_storage_size(long dataset);

    [LibraryImport(Library)]
    public static partial int H5Dread(long dataset, long type, long memorySpace, long fileSpace, long transfer, void* buffer);

    [LibraryImport(Library)]
    public static partial int H5Sget_simple_extent_ndims(long space);

    [LibraryImport(Library)]
    public static partial int H5Sget_simple_extent_dims(long space, ulong* lengths, ulong* most);

    [LibraryImport(Library)]
    public static partial int H5Sget_simple_extent_type(long space);

    [LibraryImport(Library)]
    public static partial long H5Screate(int kind);

    [LibraryImport(Library)]
    public static partial long H5Screate_simple(int rank, ulong* lengths, ulong* most);

    [LibraryImport(Library)]
    public static partial int H5Sselect_hyperslab(long space, int operation, ulong* start, ulong* stride, ulong* count, ulong* block);

    [LibraryImport(Library)]
    public static partial int H5Sclose(long space);

    [LibraryImport(Library)]
    public static partial int H5Tget_class(long type);

    [LibraryImport(Library)]
    public static partial nuint H5Tget_size(long type);

    [LibraryImport(Library)]
    public static partial int H5Tget_sign(long type);

    [LibraryImport(Library)]
    public static partial int H5Tget_order(long type);

    [LibraryImport(Library)]
    public static partial int H5Tget_nmembers(long type);

    [LibraryImport(Library)]
    public static partial nint H5Tget_member_name(long type, uint member);

    [LibraryImport(Library)]
    public static partial long H5Tget_member_type(long type, uint member);

    [LibraryImport(Library)]
    public static partial nuint H5Tget_member_offset(long type, uint member);

    [LibraryImport(Library)]
    public static partial long H5Tcopy(long type);

    [LibraryImport(Library)]
    public static partial int H5Tset_fields(long type, nuint sign, nuint exponent, nuint exponentBits, nuint mantissa, nuint mantissaBits);

    [LibraryImport(Library)]
    public static partial int H5Tset_size(long type, nuint size);

    [LibraryImport(Library)]
    public static partial int H5Tset_ebias(long type, nuint bias);

    [LibraryImport(Library)]
    public static partial long H5Tcreate(int kind, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int H5Tinsert(long type, string name, nuint offset, long member);

    [LibraryImport(Library)]
    public static partial long H5Tenum_create(long baseType);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int H5Tenum_insert(long type, string name, void* value);

    [LibraryImport(Library)]
    public static partial int H5Tequal(long left, long right);

    [LibraryImport(Library)]
    public static partial int H5Tclose(long type);

    [LibraryImport(Library)]
    public static partial int H5free_memory(nint memory);

    [LibraryImport(Library)]
    public static partial long H5Pcreate(long kind);

    [LibraryImport(Library)]
    public static partial int H5Pget_layout(long list);

    [LibraryImport(Library)]
    public static partial int H5Pget_chunk(long list, int rank, ulong* lengths);

    [LibraryImport(Library)]
    public static partial int H5Pget_nfilters(long list);

    [LibraryImport(Library)]
    public static partial int H5Pget_external_count(long list);

    [LibraryImport(Library)]
    public static partial int H5Pset_alloc_time(long list, int time);

    [LibraryImport(Library)]
    public static partial int H5Pset_fill_time(long list, int time);

    [LibraryImport(Library)]
    public static partial int H5Pset_create_intermediate_group(long list, uint create);

    [LibraryImport(Library)]
    public static partial int H5Pclose(long list);

    [LibraryImport(Library)]
    private static partial int H5Ewalk2(long stack, int direction, delegate* unmanaged[Cdecl]<uint, ErrorEntry*, void*, int> each, void* data);
}
