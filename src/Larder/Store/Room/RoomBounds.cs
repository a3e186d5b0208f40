namespace Larder.Store.Room;

/// <summary>How many bytes a store may hold at this moment.</summary>
/// <param name="MostBytes">Never more than this.</param>
/// <param name="HighBytes">Above this the store is emptied.</param>
/// <param name="LowBytes">Down to this, if it can be.</param>
internal readonly record struct RoomBounds(long MostBytes, long HighBytes, long LowBytes);
