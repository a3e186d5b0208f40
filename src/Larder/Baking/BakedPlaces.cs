using Larder.Pull;

namespace Larder.Baking;

/// <summary>Where models lie in an image, and what names they may have there.</summary>
internal static class BakedPlaces
{
    /// <summary>The directory of all models, without the slash at its beginning.</summary>
    /// <exception cref="ArgumentException">There cannot be one.</exception>
    public static string RootOf(string path, BakeLayout layout, string parameter)
    {
        var root = ImagePath.Parse(path, parameter);
        return root.Length > 0 || layout == BakeLayout.Files
            ? root
            : throw new ArgumentException(
                "A store has a directory of its own, and '/' is not; /opt/models would be.",
                parameter
            );
    }

    /// <summary>The last part of a snapshot's reference, made a name that a directory can have.</summary>
    public static string NameOf(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var reference = snapshot.Reference;
        var text = reference.Hub is { Path.Length: 0 } hub ? hub.Repository.Id : reference.Text;
        var last = Uri.UnescapeDataString(text.TrimEnd('/').Split('/')[^1]);
        var letters = last.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-');
        var name = string.Concat(letters).Trim('.');
        return ImagePath.FaultIn(name) is null ? name : "model";
    }

    /// <summary>Refuses names that cannot be, and no models at all.</summary>
    /// <exception cref="ArgumentException">There is no model, or a name cannot be.</exception>
    public static void ThrowIfWrong(IReadOnlyList<BakeModel> models, BakeLayout layout)
    {
        if (models.Count == 0)
            throw new ArgumentException("There is no model to bake.", nameof(models));
        if (layout == BakeLayout.Store)
            return;
        foreach (var model in models)
        {
            if (ImagePath.FaultIn(model.Name) is { } fault)
                throw new ArgumentException($"The name '{model.Name}' of a model {fault}.", nameof(models));
            foreach (var other in models)
            {
                if (
                    !ReferenceEquals(model, other)
                    && $"{other.Name}/".StartsWith($"{model.Name}/", StringComparison.Ordinal)
                )
                    throw new ArgumentException(
                        $"'{model.Snapshot.Reference}' would lie in '{model.Name}', and '{other.Snapshot.Reference}' in '{other.Name}': one in the other. Give one another name: NAME=REF.",
                        nameof(models)
                    );
            }
        }
    }
}
