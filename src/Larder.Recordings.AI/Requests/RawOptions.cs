namespace Larder.Recordings.AI.Requests;

/// <summary>Options that only a certain client knows.</summary>
internal static class RawOptions
{
    /// <summary>Refuses them.</summary>
    /// <exception cref="NotRecordableException">There are any: nobody can see what the function sets.</exception>
    public static void Refuse(Delegate? factory, string place)
    {
        if (factory is null)
            return;
        var at = $"{place}.rawRepresentationFactory";
        throw new NotRecordableException(
            $"{at} is a function that sets what a recording cannot see: two requests that differ in it could not be told apart. Set it in a client below the recorded one, and name what it sets in the deployment's configuration.",
            at
        );
    }
}
