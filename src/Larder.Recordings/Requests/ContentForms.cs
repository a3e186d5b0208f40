using System.IO.Enumeration;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Content.Requests;
using Larder.Content.Tensors;

namespace Larder.Recordings.Requests;

/// <summary>Bytes, streams, files, directories and tensors, by the digest of what is in them.</summary>
internal static class ContentForms
{
    private const int BlockBytes = 128 * 1024;

    /// <summary>How values of the type are written; null when it is no such type.</summary>
    public static ValueForm? Of(Type type)
    {
        if (typeof(ITensorContent).IsAssignableFrom(type))
            return WriteTensor;
        if (typeof(Stream).IsAssignableFrom(type))
            return WriteStream;
        if (type == typeof(FileInfo))
            return WriteFile;

        return type == typeof(DirectoryInfo) ? WriteDirectory : null;
    }

    public static void WriteBytes(RequestWriter request, ReadOnlySpan<byte> bytes)
    {
        FormNames.Open(request, FormNames.Bytes);
        request.WriteNumber(bytes.Length);
        FormNames.CloseWith(request, Digest.Of(bytes));
    }

    public static void WriteTensor(RequestWriter request, string element, IReadOnlyList<long> shape, Digest content)
    {
        FormNames.Open(request, FormNames.Tensor);
        request.WriteString(element);
        FormNames.Next(request, "sha256");
        request.WriteString(content.ToString());
        FormNames.Next(request, "shape");
        request.Enter("["u8);
        for (var i = 0; i < shape.Count; i++)
        {
            request.WriteComma(i);
            request.WriteNumber(shape[i]);
        }
        request.Leave("]"u8);
        FormNames.Close(request);
    }

    private static bool WriteTensor(RequestWriter request, object value, Type? declared)
    {
        var tensor = (ITensorContent)value;
        WriteTensor(request, tensor.ElementType, tensor.Shape, Digest.Of(tensor.Bytes.Span));
        return true;
    }

    private static bool WriteStream(RequestWriter request, object value, Type? declared)
    {
        var stream = (Stream)value;
        if (!stream.CanRead)
            throw request.Refused(
                "The stream cannot be read: it is closed, or the service writes to it. A recording cannot do that; mark the parameter [NotRecorded] when the answer does not depend on it."
            );
        if (!stream.CanSeek)
            throw request.Refused(
                "The stream can be read only once, and the service needs it. Give one that can seek, such as a MemoryStream."
            );

        var (length, digest) = Read(
            request,
            () =>
            {
                var position = stream.Position;
                try
                {
                    return DigestOf(stream);
                }
                finally
                {
                    stream.Position = position;
                }
            }
        );
        FormNames.Open(request, FormNames.Stream);
        request.WriteNumber(length);
        FormNames.CloseWith(request, digest);
        return true;
    }

    private static bool WriteFile(RequestWriter request, object value, Type? declared)
    {
        var path = ((FileInfo)value).FullName;
        FormNames.Open(request, FormNames.File);
        if (File.Exists(path))
        {
            var (length, digest) = Read(request, () => DigestOf(path));
            FormNames.Open(request, "bytes");
            request.WriteNumber(length);
            FormNames.CloseWith(request, digest);
        }
        else
        {
            WriteMissing(request, path);
        }
        FormNames.Close(request);
        return true;
    }

    private static bool WriteDirectory(RequestWriter request, object value, Type? declared)
    {
        var directory = (DirectoryInfo)value;
        FormNames.Open(request, FormNames.Directory);
        if (Directory.Exists(directory.FullName))
        {
            var files = Read(request, () => FilesIn(directory.FullName));
            FormNames.Open(request, "files");
            request.WriteNumber(files.Length);
            // There is no manifest of nothing.
            if (files.Length > 0)
            {
                FormNames.Next(request, "manifest");
                request.WriteString(Read(request, () => Manifest.Create(files)).Digest.ToString());
            }
            FormNames.Close(request);
        }
        else
        {
            WriteMissing(request, directory.FullName);
        }
        FormNames.Close(request);
        return true;
    }

    // The service may make it, or tell that it is not there: either depends on where.
    private static void WriteMissing(RequestWriter request, string path)
    {
        FormNames.Open(request, "missing");
        request.WriteText(path);
        FormNames.Close(request);
    }

    private static ManifestFile[] FilesIn(string directory)
    {
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = false,
        };
        var paths = new FileSystemEnumerable<string>(directory, (ref entry) => entry.ToFullPath(), all)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            // It may lead back to where it lies.
            ShouldRecursePredicate = (ref entry) =>
                entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
                    ? throw new IOException($"{entry.ToFullPath()} is a link to a directory; give the directory itself")
                    : true,
        };
        return [.. paths.Select(path => FileAt(path, Path.GetRelativePath(directory, path)))];
    }

    private static ManifestFile FileAt(string path, string name)
    {
        var (length, digest) = DigestOf(path);
        return new ManifestFile(name.Replace(Path.DirectorySeparatorChar, '/'), length, digest);
    }

    private static (long Length, Digest Digest) DigestOf(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            0
        );
        return DigestOf(file);
    }

    private static (long Length, Digest Digest) DigestOf(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        long length = 0;
        for (int read; (read = stream.Read(block)) > 0; length += read)
            hash.AppendData(block.AsSpan(0, read));
        return (length, Digest.FromBytes(hash.GetHashAndReset()));
    }

    private static T Read<T>(RequestWriter request, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ManifestException)
        {
            throw request.Refused($"Its content cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
