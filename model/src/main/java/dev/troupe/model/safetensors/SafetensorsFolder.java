package dev.troupe.model.safetensors;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A folder of shards and {@code model.safetensors.index.json}, whose {@code weight_map} says which
 * shard holds which tensor. Every tensor must be where the index says, and nowhere else.
 */
public final class SafetensorsFolder implements TensorFile {
  /** Name of the index. */
  public static final String INDEX = "model.safetensors.index.json";

  private final Path index;
  private final List<SafetensorsFile> shards;
  private final Map<String, SafetensorsFile> shardOf;

  private SafetensorsFolder(
      Path index, List<SafetensorsFile> shards, Map<String, SafetensorsFile> shardOf) {
    this.index = index;
    this.shards = shards;
    this.shardOf = shardOf;
  }

  /** Opens all shards and checks them against the index. */
  public static SafetensorsFolder open(Path folder) throws IOException {
    return open(folder.resolve(INDEX), folder::resolve);
  }

  /** Names of the shards that {@code index} knows, in order. */
  public static SortedSet<String> shards(Path index) throws IOException {
    return new TreeSet<>(readIndex(index).values());
  }

  /** The same where index and shards don't lie together, or under other names. */
  public static SafetensorsFolder open(Path index, Function<String, Path> shard)
      throws IOException {
    Map<String, String> fileOf = readIndex(index);
    Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();
    try {
      for (String file : fileOf.values()) {
        if (!files.containsKey(file)) {
          files.put(file, SafetensorsFile.open(shard.apply(file)));
        }
      }
      for (Map.Entry<String, SafetensorsFile> opened : files.entrySet()) {
        for (String name : opened.getValue().names()) {
          if (!opened.getKey().equals(fileOf.get(name))) {
            throw new SafetensorsException(
                index,
                "tensor ["
                    + name
                    + "] is in shard ["
                    + opened.getKey()
                    + "], the index says ["
                    + fileOf.getOrDefault(name, "nothing of it")
                    + "]");
          }
          shardOf.put(name, opened.getValue());
        }
      }
      for (Map.Entry<String, String> entry : fileOf.entrySet()) {
        if (!shardOf.containsKey(entry.getKey())) {
          throw new SafetensorsException(
              index,
              "tensor [" + entry.getKey() + "] is missing from shard [" + entry.getValue() + "]");
        }
      }
      return new SafetensorsFolder(index, List.copyOf(files.values()), shardOf);
    } catch (IOException | RuntimeException e) {
      files.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static Map<String, String> readIndex(Path index) throws IOException {
    Map<String, String> fileOf = new HashMap<>();
    try {
      JsonObject json = new Gson().fromJson(Files.readString(index), JsonObject.class);
      JsonElement map = json == null ? null : json.get("weight_map");
      if (map == null || !map.isJsonObject()) {
        throw new SafetensorsException(index, "it has no object [weight_map]");
      }
      for (Map.Entry<String, JsonElement> entry : map.getAsJsonObject().entrySet()) {
        String file = entry.getValue().getAsString();
        if (!Path.of(file).getFileName().toString().equals(file)) {
          throw new SafetensorsException(index, "shard [" + file + "] is not a file of its folder");
        }
        fileOf.put(entry.getKey(), file);
      }
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new SafetensorsException(index, "it is not the JSON expected: " + e.getMessage());
    }
    return new java.util.TreeMap<>(fileOf);
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    shards.forEach(shard -> names.addAll(shard.names()));
    return names;
  }

  @Override
  public String storedType(String name) throws SafetensorsException {
    return shard(name).storedType(name);
  }

  @Override
  public List<Long> shape(String name) throws SafetensorsException {
    return shard(name).shape(name);
  }

  @Override
  public ByteBuffer bytes(String name) throws SafetensorsException {
    return shard(name).bytes(name);
  }

  @Override
  public TensorData data(String name) throws SafetensorsException {
    return shard(name).data(name);
  }

  @Override
  public void close() {
    shards.forEach(SafetensorsFile::close);
  }

  private SafetensorsFile shard(String name) throws SafetensorsException {
    SafetensorsFile shard = shardOf.get(name);
    if (shard == null) {
      throw new SafetensorsException(index, "it has no tensor [" + name + "], only " + names());
    }
    return shard;
  }
}
