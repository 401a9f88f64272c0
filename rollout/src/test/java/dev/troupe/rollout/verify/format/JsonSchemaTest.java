package dev.troupe.rollout.verify.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.verify.settings.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
  private static boolean allows(String schema, String value) {
    return JsonSchema.of("schema", JsonText.parse(schema.replace('\'', '"')))
        .allows(JsonText.parse(value.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'object'} | {} | 1",
        "{'type':['integer','null']} | 3.0 | 3.5",
        "{'type':'number'} | 2.5 | '2.5'",
        "{'type':'boolean'} | false | 0",
        "{'enum':['a',{'b':1.0}]} | {'b':1} | 'b'",
        "{'const':[1]} | [1] | [1,1]",
        "{'required':['a','b']} | {'a':1,'b':2,'c':3} | {'a':1}",
        "{'properties':{'a':{'type':'string'}}} | {'a':'x','b':2} | {'a':1}",
        "{'properties':{'a':{}},'additionalProperties':false} | {'a':1} | {'a':1,'b':2}",
        "{'additionalProperties':{'type':'integer'}} | {'a':1} | {'a':'x'}",
        "{'minProperties':1,'maxProperties':2} | {'a':1} | {}",
        "{'items':{'minimum':2}} | [2,3] | [2,1]",
        "{'minItems':1,'maxItems':2} | [1,2] | [1,2,3]",
        "{'uniqueItems':true} | [1,2] | [1,1.0]",
        "{'minLength':2,'maxLength':3} | 'abc' | 'abcd'",
        "{'pattern':'^a+$'} | 'aa' | 'ab'",
        "{'exclusiveMinimum':1,'exclusiveMaximum':2} | 1.5 | 2",
        "{'multipleOf':0.1} | 0.3 | 0.35",
        "{'anyOf':[{'type':'string'},{'type':'null'}]} | null | 1",
        "{'allOf':[{'minimum':1},{'maximum':2}]} | 2 | 3",
        "{'oneOf':[{'minimum':1},{'minimum':2}]} | 1 | 3",
        "{'not':{'type':'string'}} | 1 | 'a'",
        "{'items':false} | [] | [1]",
        "{'title':'T','default':3} | 1 | ",
      })
  void allowsTheOneAndNotTheOther(String schema, String good, String bad) {
    assertThat(allows(schema, good)).isTrue();
    if (bad != null) {
      assertThat(allows(schema, bad)).isFalse();
    }
  }

  @Test
  void refusesWhatItWouldIgnore() {
    assertThatThrownBy(() -> allows("{'properties':{'a':{'requird':[]}}}", "1"))
        .hasMessage(
            "[schema.properties.a.requird] must be a keyword that is known; nearest: required,"
                + " got [requird]");
    assertThatThrownBy(() -> allows("{'$ref':'#/a'}", "1")).hasMessageContaining("$ref");
    assertThatThrownBy(() -> allows("{'type':'text'}", "1")).hasMessageContaining("of object,");
    assertThatThrownBy(() -> allows("{'minimum':'1'}", "1")).hasMessageContaining("a number");
  }
}
