package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.GeneratedCorpusMessage;
import dev.troupe.protocol.proto.JsonlCorpusMessage;
import dev.troupe.protocol.proto.ReferencesCorpusMessage;
import dev.troupe.protocol.proto.SftSpecificationMessage;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.SftSpecification.Corpus;

/** Supervised warm-up. */
final class SftSpecificationCodec {
  private SftSpecificationCodec() {}

  static SftSpecificationMessage toMessage(SftSpecification sft) {
    var message =
        SftSpecificationMessage.newBuilder()
            .setSteps(sft.steps())
            .setBatch(sft.batch())
            .setOptimizer(OptimizerSpecificationCodec.toMessage(sft.optimizer()));
    switch (sft.corpus()) {
      case Corpus.Generated(var carriesForgotten) ->
          message.setGenerated(
              GeneratedCorpusMessage.newBuilder().setCarriesForgotten(carriesForgotten));
      case Corpus.References() ->
          message.setReferences(ReferencesCorpusMessage.getDefaultInstance());
      case Corpus.Jsonl(var file) ->
          message.setJsonl(JsonlCorpusMessage.newBuilder().setFile(file));
    }
    return message.build();
  }

  static SftSpecification fromMessage(SftSpecificationMessage message, Where where) {
    Corpus corpus =
        switch (message.getCorpusCase()) {
          case GENERATED ->
              where
                  .in("generated")
                  .make(() -> new Corpus.Generated(message.getGenerated().getCarriesForgotten()));
          case REFERENCES -> new Corpus.References();
          case JSONL ->
              where.in("jsonl").make(() -> new Corpus.Jsonl(message.getJsonl().getFile()));
          case CORPUS_NOT_SET ->
              throw where.in("corpus").refuse("generated, references or jsonl", "nothing");
        };
    OptimizerSpecification optimizer =
        OptimizerSpecificationCodec.fromMessage(
            message.getOptimizer(), where.required("optimizer", message.hasOptimizer()));
    return where.make(
        () -> new SftSpecification(message.getSteps(), message.getBatch(), corpus, optimizer));
  }
}
